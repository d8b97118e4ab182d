import type { Operation } from '../../contract/compiled.ts';
import { readTarget } from '../../wire/target.ts';
import type { Compiling } from '../compile/compiling.ts';

/** Reports operations that no request can match, and relations that can hold for nobody. */
export function checkOperation(compiling: Compiling, operation: Operation): void {
  checkTemplate(compiling, operation);
  checkCallers(compiling, operation);
}

function checkTemplate(compiling: Compiling, { name, method, template }: Operation): void {
  if (!template) return;
  const path = ['operations', name];
  if (method === 'HEAD') compiling.error(path, 'HEAD is answered like GET.', 'Declare the GET.');
  const literal = template.map((part) => ('literal' in part ? part.literal : 'x')).join('/');
  if (typeof readTarget(`/${literal}`) === 'string' || literal.includes('?'))
    compiling.error(
      path,
      'No request that is let through has this path.',
      'Write a plain path; a parameter fills its whole segment, such as /user/{id}.',
    );
  const parameters = template.flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  const twice = parameters.find((each, index) => parameters.indexOf(each) !== index);
  if (twice !== undefined) compiling.error(path, `The parameter "${twice}" occurs twice in the path.`);
}

function checkCallers(compiling: Compiling, { name, protocol, by, owner }: Operation): void {
  const path = ['operations', name];
  if (protocol === 'graphql' && owner)
    compiling.error(
      [...path, 'owner'],
      'The owner of a GraphQL field is only known from its response.',
      'Take it out.',
    );
  const ownRelations = compiling.source.relations ?? {};
  const toOwner = by.find((relation) => relation === 'self' || Object.hasOwn(ownRelations, relation));
  if (toOwner === undefined || owner) return;
  const fix =
    protocol === 'graphql'
      ? 'Write member or a kind of principal, and let the resources say who sees what.'
      : 'Write owner: path.NAME or owner: { of: GET /path }.';
  compiling.error([...path, 'by'], `The operation has no owner, so nobody can be ${toOwner}.`, fix);
}

/** A pre-read must be a GET of one object whose path parameters this path has. */
export function checkPreReads(compiling: Compiling, operations: readonly Operation[]): void {
  for (const { name, owner, template } of operations) {
    if (owner?.from !== 'operation') continue;
    const read = operations.find((each) => each.name === owner.operation);
    if (!read) continue;
    const path = ['operations', name, 'owner'];
    if (read.method !== 'GET') compiling.error(path, 'An owner is read by a GET, which changes nothing.');
    const given = new Set((template ?? []).flatMap((part) => ('parameter' in part ? [part.parameter] : [])));
    const lacking = (read.template ?? []).find((part) => 'parameter' in part && !given.has(part.parameter));
    if (lacking && 'parameter' in lacking)
      compiling.error(path, `"${read.name}" needs {${lacking.parameter}}, which this path does not have.`);
    if (read.returns.type !== 'object') compiling.error(path, `"${read.name}" does not return one object.`);
  }
}
