import type { CompiledContract, Field, Operation, Resource } from '../../contract/compiled.ts';
import { undecidedRules } from './undecided-rules.ts';
import { phraseGrant, phraseNarrow, phraseRelations, phraseShape } from './phrase.ts';

/** A contract as sentences that a privacy lead can approve. Markdown. */
export function showPlain(contract: CompiledContract): string {
  const people = Object.entries(contract.owners).filter(([, owner]) => owner.subject);
  return [
    '# Who can see whose what',
    '',
    `Covers ${contract.servers.map((server) => server.name).join(', ')}. ` +
      (people.length > 0
        ? `Counted as people: ${people.map(([kind]) => kind).join(', ')}. `
        : 'Nobody is counted as a person. ') +
      (contract.mode === 'enforce'
        ? 'What is not allowed here does not leave.'
        : 'Only watched: what is not allowed here leaves, and is recorded.'),
    '',
    ...Object.values(contract.resources).flatMap((resource) =>
      isOwn(resource) ? showResource(resource, contract) : [],
    ),
    '## Operations',
    '',
    ...contract.operations.map((operation) => showOperation(operation, contract)),
    ...(contract.requestHeaders
      ? ['', `Every operation may also send these request headers: ${contract.requestHeaders.join(', ')}.`]
      : []),
    '',
    ...showUndecided(contract),
  ].join('\n');
}

/** What still has to be decided, with the reasons. */
function showUndecided(contract: CompiledContract): string[] {
  const rules = undecidedRules(contract);
  if (rules.length === 0) return [];
  return [
    `## Undecided (${rules.length})`,
    '',
    'Nobody has decided these rules. Until then only the owner is given them.',
    '',
    ...rules.map(({ at, why }) => `- ${at}: ${why}`),
    '',
  ];
}

function isOwn(resource: Resource): boolean {
  return !resource.name.includes(':') && resource.name !== 'Query' && resource.name !== 'Mutation';
}

function showResource(resource: Resource, contract: CompiledContract): string[] {
  const existence = resource.see ? phraseGrant(resource.see, contract) : 'whoever may see a field of it';
  const crowd = resource.aggregate
    ? ` A statistic: withheld while ${resource.aggregate.count} is below ${resource.aggregate.min}.`
    : '';
  const fields = Object.entries(resource.fields).filter(([name]) => name !== '__typename');
  return [
    `## ${resource.name}`,
    '',
    `${whose(resource)} That it exists may be known by ${existence}.${crowd}`,
    '',
    ...showFields(fields, contract),
    '',
  ];
}

/** One line for all fields that are shown alike. */
function showFields(fields: readonly (readonly [string, Field])[], contract: CompiledContract): string[] {
  const lines = new Map<string, string[]>();
  for (const [name, field] of fields) {
    const kind = field.class === undefined ? '' : ` (${field.class})`;
    const instead = field.instead === undefined ? '' : ` Others get ${field.instead}.`;
    const until = field.undecided === undefined ? '' : 'undecided; until then ';
    const says = `${until}${phraseGrant(field.grant, contract)}.${instead}`;
    lines.set(says, [...(lines.get(says) ?? []), `**${name}**${kind}`]);
  }
  return [...lines].map(([says, names]) => `- ${names.join(', ')}: ${says}`);
}

function whose(resource: Resource): string {
  if (resource.owner === 'none') return "Nobody's data.";
  if (resource.owner === 'parent') return 'Belongs to whom the object belongs that it stands in.';
  const owners = resource.owner.map(
    (each) => `the ${each.kind}${each.as === undefined ? '' : ` (${each.as})`} named in ${each.path.join('.')}`,
  );
  const about = resource.about.map((each) => `the ${each.kind} named in ${each.path.join('.')}`);
  return `Belongs to ${owners.join(' and ')}.${about.length > 0 ? ` It is data about ${about.join(' and ')}.` : ''}`;
}

function showOperation(operation: Operation, contract: CompiledContract): string {
  const narrow = `${phraseNarrow(operation.owner?.narrow ?? {}, contract)}${phraseNarrow(operation.narrow ?? {}, contract)}`;
  const accepts = operation.accepts ? `; may send ${operation.accepts.join(', ')}` : '';
  const gives = operation.protocol === 'rest' ? `; gives ${phraseShape(operation.returns, contract)}` : '';
  const until = operation.undecided === undefined ? '' : 'undecided; until then ';
  return `- \`${operation.name}\`: ${until}for ${phraseRelations(operation.by, contract)}${narrow}${accepts}${gives}.`;
}
