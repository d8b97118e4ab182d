import type { CompiledContract, Field, Grant, Operation, Resource } from '../../contract/compiled.ts';
import type { Shape } from '../../contract/shape.ts';

/** One difference between two contracts. `widening`: somebody may see or do what they could not before. */
export interface Change {
  readonly kind: 'widening' | 'narrowing' | 'review';
  readonly at: string;
  readonly says: string;
}

const NOBODY: Grant = { see: ['nobody'], narrow: {} };

/**
 * What changed from `before` to `after`. A change with undecidable effect (a condition, a lookup, how callers are
 * authenticated) is `review`, and counts as a widening in `widens`.
 */
export function diffContracts(before: CompiledContract, after: CompiledContract): Change[] {
  return [
    ...union(before.resources, after.resources).flatMap(([name, a, b]) => diffResource(name, a, b)),
    ...diffOperations(before, after),
    ...union(before.relations, after.relations).flatMap(([name, a, b]) => review(`relation ${name}`, a, b)),
    ...union(before.states, after.states).flatMap(([name, a, b]) => diffState(name, a, b)),
    ...review('principals', before.principals, after.principals),
    ...review('owners', before.owners, after.owners),
    ...review('servers', before.servers, after.servers),
    ...review('schema', before.schema, after.schema),
    ...diffSettings(before, after),
  ];
}

/** Whether a change must be approved before it goes out. */
export function widens(change: Change): boolean {
  return change.kind !== 'narrowing';
}

function diffResource(name: string, before: Resource | undefined, after: Resource | undefined): Change[] {
  if (!after) return [{ kind: 'narrowing', at: name, says: 'is no longer given at all' }];
  const changes = union(before?.fields ?? {}, after.fields).flatMap(([field, a, b]) =>
    diffField(`${name}.${field}`, a, b),
  );
  if (!before) return changes.length > 0 ? changes : [{ kind: 'review', at: name, says: 'is new' }];
  changes.push(...diffGrant(`${name} (that it exists)`, before.see, after.see));
  changes.push(...review(`${name} (whose it is)`, [before.owner, before.about], [after.owner, after.about]));
  const [a, b] = [before.aggregate?.min ?? 0, after.aggregate?.min ?? 0];
  if (a !== b) changes.push({ kind: b < a ? 'widening' : 'narrowing', at: name, says: `smallest crowd ${a} → ${b}` });
  return changes;
}

function diffField(at: string, before: Field | undefined, after: Field | undefined): Change[] {
  return [
    ...diffGrant(at, before?.grant ?? NOBODY, after?.grant ?? NOBODY),
    ...diffUndecided(at, before?.undecided, after?.undecided),
    ...diffShape(at, before?.shape, after?.shape),
  ];
}

/** Who is given it is compared by the grants: an undecided rule has the strictest. Here only whether somebody decided. */
function diffUndecided(at: string, before: string | undefined, after: string | undefined): Change[] {
  if ((before === undefined) === (after === undefined)) return [];
  if (after !== undefined) return [{ kind: 'review', at, says: `is undecided: ${after}` }];
  return [{ kind: 'narrowing', at, says: 'is decided' }];
}

/** An absent grant of existence follows from the fields, so a change from or to it is `review`. */
function diffGrant(at: string, before: Grant | undefined, after: Grant | undefined): Change[] {
  if (same(before, after)) return [];
  if (!before || !after || before.of !== after.of)
    return [{ kind: 'review', at, says: `${say(before)} → ${say(after)}` }];
  const says = `${say(before)} → ${say(after)}`;
  if (isWider(before, after)) return [{ kind: 'widening', at, says }];
  return isWider(after, before) ? [{ kind: 'narrowing', at, says }] : [];
}

/**
 * True if some principal in some state is allowed by `b` and not by `a`. One state and two relations are enough to find it:
 * `a` fails at `see` or at one state; `b` passes by one relation for `see` and one for that state.
 */
function isWider(a: Grant, b: Grant): boolean {
  const named = [...a.see, ...b.see, ...Object.values(a.narrow).flat(), ...Object.values(b.narrow).flat()];
  const relations = [...new Set(['anyone', 'member', ...named])].filter((each) => each !== 'nobody');
  const states = [undefined, ...new Set([...Object.keys(a.narrow), ...Object.keys(b.narrow)])];
  return relations.some((first) =>
    relations.some((second) =>
      states.some((state) => !passes(a, [first, second], state) && passes(b, [first, second], state)),
    ),
  );
}

function passes(grant: Grant, standing: readonly string[], state: string | undefined): boolean {
  const known = standing.some((each) => each !== 'anyone');
  const holds = (relation: string): boolean =>
    relation === 'anyone' || standing.includes(relation) || (relation === 'member' && known);
  const narrow = state === undefined ? undefined : grant.narrow[state];
  return grant.see.some(holds) && (narrow === undefined || narrow.some(holds));
}

function diffOperations(before: CompiledContract, after: CompiledContract): Change[] {
  const byName = (contract: CompiledContract): Record<string, Operation> =>
    Object.fromEntries(contract.operations.map((each) => [each.name, each]));
  return union(byName(before), byName(after)).flatMap(([at, a, b]): Change[] => {
    if (!b) return [{ kind: 'narrowing', at, says: 'is no longer answered' }];
    if (!a) return [{ kind: 'widening', at, says: `is new, for ${b.by.join(', ')}` }];
    const added = (b.accepts ?? []).filter((each) => !a.accepts?.includes(each));
    const passed = (b.responseHeaders ?? []).filter((each) => !a.responseHeaders?.includes(each));
    return [
      ...diffGrant(
        `${at} (who may call it)`,
        { see: a.by, narrow: a.owner?.narrow ?? {} },
        { see: b.by, narrow: b.owner?.narrow ?? {} },
      ),
      ...diffUndecided(at, a.undecided, b.undecided),
      ...diffGrant(
        `${at} (objects it returns)`,
        { see: ['anyone'], narrow: a.narrow ?? {} },
        { see: ['anyone'], narrow: b.narrow ?? {} },
      ),
      ...(added.length > 0 ? [{ kind: 'widening' as const, at, says: `also accepts ${added.join(', ')}` }] : []),
      ...(passed.length > 0 ? [{ kind: 'widening' as const, at, says: `also passes on ${passed.join(', ')}` }] : []),
      ...review(
        `${at} (whose object it acts on)`,
        a.owner && { ...a.owner, narrow: {} },
        b.owner && { ...b.owner, narrow: {} },
      ),
      ...review(`${at} (parameters)`, a.parameters, b.parameters),
      ...diffShape(at, a.returns, b.returns),
      ...diffMode(at, a.mode, b.mode),
    ];
  });
}

function diffShape(at: string, before: Shape | undefined, after: Shape | undefined): Change[] {
  if (!before || !after || same(before, after)) return [];
  if (before.type === 'object' && after.type === 'object' && before.resource === after.resource) {
    const gained = after.only
      ? after.only.filter((each) => before.only && !before.only.includes(each))
      : before.only
        ? ['every field']
        : [];
    return gained.length > 0
      ? [{ kind: 'widening', at, says: `also gives ${gained.join(', ')}` }]
      : [{ kind: 'narrowing', at, says: 'gives fewer fields' }];
  }
  if (before.type === 'list' && after.type === 'list') return diffShape(at, before.of, after.of);
  return [{ kind: 'review', at, says: 'gives something else' }];
}

function diffState(
  name: string,
  before: CompiledContract['states'][string] | undefined,
  after: CompiledContract['states'][string] | undefined,
): Change[] {
  const at = `state ${name}`;
  if (before && after && before.unknown !== after.unknown) {
    return [
      {
        kind: after.unknown ? 'narrowing' : 'widening',
        at,
        says: `while unknown it ${after.unknown ? 'counts' : 'no longer counts'} as holding`,
      },
    ];
  }
  return review(at, before, after);
}

function diffMode(at: string, before: string | undefined, after: string | undefined): Change[] {
  if (before === after) return [];
  return [
    {
      kind: after === 'monitor' ? 'widening' : before === 'monitor' ? 'narrowing' : 'review',
      at,
      says: `mode ${before ?? 'default'} → ${after ?? 'default'}`,
    },
  ];
}

function diffSettings(before: CompiledContract, after: CompiledContract): Change[] {
  const passing = (what: 'operations' | 'parameters'): Change[] => {
    if (before.undeclared[what] === after.undeclared[what]) return [];
    return [
      {
        kind: after.undeclared[what] === 'pass' ? 'widening' : 'narrowing',
        at: `undeclared ${what}`,
        says: after.undeclared[what],
      },
    ];
  };
  const headers = (after.requestHeaders ?? []).filter((each) => !before.requestHeaders?.includes(each));
  return [
    ...(headers.length > 0
      ? [{ kind: 'widening' as const, at: 'headers', says: `every operation may also send ${headers.join(', ')}` }]
      : []),
    ...review('cookies', before.cookies, after.cookies),
    ...diffMode('mode', before.mode, after.mode),
    ...passing('operations'),
    ...passing('parameters'),
    ...review('budgets', before.budgets, after.budgets),
    ...review('on', before.on, after.on),
    ...review('foreign', before.foreign, after.foreign),
  ];
}

function review(at: string, before: unknown, after: unknown): Change[] {
  return same(before, after)
    ? []
    : [{ kind: 'review', at, says: before === undefined ? 'is new' : after === undefined ? 'is gone' : 'was changed' }];
}

function say(grant: Grant | undefined): string {
  if (!grant) return 'as its fields';
  const narrow = Object.entries(grant.narrow).map(([state, relations]) => `${state}: ${relations.join(', ')}`);
  return `${grant.see.join(', ')}${narrow.length > 0 ? ` (${narrow.join('; ')})` : ''}`;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function union<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
): [string, T | undefined, T | undefined][] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().map((key) => [key, a[key], b[key]]);
}
