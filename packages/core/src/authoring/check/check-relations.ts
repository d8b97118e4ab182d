import type { Compiling } from '../compile/compiling.ts';

/** Refuses relations with a built-in name, and relations and states that nothing can decide. */
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
