import type { CompiledContract, Grant, Narrow } from '../../contract/compiled.ts';
import type { Shape } from '../../contract/shape.ts';

const WORDS: Readonly<Record<string, string>> = {
  anyone: 'anyone, logged in or not',
  member: 'anyone who is logged in',
  self: 'the owner',
  nobody: 'nobody',
};

/** Relations as a phrase: `the owner, a follower or staff`. */
export function phraseRelations(relations: readonly string[], contract: CompiledContract): string {
  const kinds = new Set(contract.principals.map((kind) => kind.name));
  const words = relations.map(
    (each) => WORDS[each] ?? (kinds.has(each) ? `every caller known as ${each}` : `a ${each} of the owner`),
  );
  const last = words.pop() ?? 'nobody';
  return words.length > 0 ? `${words.join(', ')} or ${last}` : last;
}

/** Who may see something, in one phrase. */
export function phraseGrant(grant: Grant, contract: CompiledContract): string {
  const role = grant.of === undefined ? '' : `, as ${grant.of}`;
  const narrow = Object.entries(grant.narrow).filter(([, relations]) => !coversAll(grant.see, relations));
  return `${phraseRelations(grant.see, contract)}${role}${phraseNarrow(Object.fromEntries(narrow), contract)}`;
}

/** Whether everybody in `see` is among `relations` too: then nothing is narrowed. */
function coversAll(see: readonly string[], relations: readonly string[]): boolean {
  return see.every(
    (each) =>
      each === 'nobody' ||
      relations.includes(each) ||
      relations.includes('anyone') ||
      (relations.includes('member') && each !== 'anyone'),
  );
}

/** `; while private: only the owner or a follower`; states with equal rules share one part. */
export function phraseNarrow(narrow: Narrow, contract: CompiledContract): string {
  const groups = new Map<string, string[]>();
  for (const [state, relations] of Object.entries(narrow)) {
    const phrase = relations.includes('nobody') ? 'nobody' : `only ${phraseRelations(relations, contract)}`;
    groups.set(phrase, [...(groups.get(phrase) ?? []), state]);
  }
  return [...groups].map(([phrase, states]) => `; while ${states.join(' or ')}: ${phrase}`).join('');
}

/** What a response holds: `a list of Workout`. */
export function phraseShape(shape: Shape, contract: CompiledContract): string {
  switch (shape.type) {
    case 'plain':
      return 'a plain value';
    case 'any':
      return 'any value';
    case 'nothing':
      return 'nothing';
    case 'ref':
      return `ids of ${shape.resource}`;
    case 'list':
      return `a list of ${phraseShape(shape.of, contract)}`;
    case 'map':
      return `a map by ${shape.key} of ${phraseShape(shape.of, contract)}`;
    case 'choice':
      return `one of ${Object.keys(shape.cases).join(', ')}, told by ${shape.by}`;
    case 'object': {
      if (!shape.resource.startsWith('container:'))
        return shape.only ? `${shape.resource} (${shape.only.join(', ')} only)` : shape.resource;
      const members = Object.entries(contract.resources[shape.resource]?.fields ?? {});
      return members
        .map(([name, field]) =>
          field.grant.see.includes('nobody') ? `${name}: withheld` : `${name}: ${phraseShape(field.shape, contract)}`,
        )
        .join('; ');
    }
  }
}
