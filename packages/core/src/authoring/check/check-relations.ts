import type { Compiling } from '../compile/compiling.ts';

/**
 * Refuses relations with a built-in name, and relations and states that nothing can decide. Warns of relations that say nothing of the
 * caller.
 */
export function checkRelations(compiling: Compiling): void {
  const { relations = {}, states = {}, principals = {} } = compiling.source;
  for (const [name, rule] of Object.entries(relations)) {
    const path = ['relations', name];
    if (['anyone', 'member', 'self', 'nobody'].includes(name))
      compiling.error(path, `"${name}" is a built-in relation.`);
    else if (Object.hasOwn(principals, name))
      compiling.error(path, `"${name}" is a kind of principal, so all of that kind would be ${name}.`);
    if (!rule.when && !rule.object && !rule.lookup)
      compiling.error(path, 'Nothing decides who is in this relation.', 'Write when:, object: or lookup:.');
    if (rule.when !== undefined && /\bobject\b/.test(rule.when) && !/\bprincipal\b/.test(rule.when))
      compiling.warn(
        [...path, 'when'],
        'The condition reads only the object: it is the same for every known caller, and never holds for an anonymous one.',
        'For objects that anybody may see, write `see: { to: anyone, narrow: { STATE: self } }` with a state of the object.',
      );
    if (rule.until !== undefined && !rule.lookup)
      compiling.error([...path, 'until'], '`until` points into a lookup answer, and there is no lookup.');
  }
  for (const [name, rule] of Object.entries(states)) {
    if (!rule.object && !rule.lookup)
      compiling.error(['states', name], 'Nothing decides whether this state holds.', 'Write object: or lookup:.');
  }
}

/** The roles (`as`) that owners have in any resource. */
export function ownerRoles(compiling: Compiling): string[] {
  return Object.values(compiling.source.resources ?? {}).flatMap(({ owner }) =>
    typeof owner === 'object' ? owner.flatMap((each) => each['as'] ?? []) : [],
  );
}
