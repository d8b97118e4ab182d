import type { Compiling } from '../compile/compiling.ts';

/** Refuses relations that mean something already, and relations and states that could never be known. */
export function checkRelations(compiling: Compiling): void {
  const { relations = {}, states = {}, principals = {} } = compiling.source;
  for (const [name, rule] of Object.entries(relations)) {
    const path = ['relations', name];
    if (['anyone', 'member', 'self', 'nobody'].includes(name))
      compiling.error(path, `"${name}" is a relation of its own.`);
    else if (Object.hasOwn(principals, name))
      compiling.error(path, `"${name}" is a kind of principal, so all of that kind would be ${name}.`);
    if (!rule.when && !rule.object && !rule.lookup)
      compiling.error(path, 'Nobody could ever stand in it.', 'Write when:, object: or lookup:.');
    if (rule.until !== undefined && !rule.lookup)
      compiling.error([...path, 'until'], 'It ends when an answer of a lookup says so, and there is no lookup.');
  }
  for (const [name, rule] of Object.entries(states)) {
    if (!rule.object && !rule.lookup)
      compiling.error(['states', name], 'Nobody could ever tell whether it holds.', 'Write object: or lookup:.');
  }
}

/** Roles that an owner has somewhere (`as`). */
export function ownerRoles(compiling: Compiling): string[] {
  return Object.values(compiling.source.resources ?? {}).flatMap(({ owner }) =>
    typeof owner === 'object' ? owner.flatMap((each) => each['as'] ?? []) : [],
  );
}
