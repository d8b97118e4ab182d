import type { Operation } from '../../contract/compiled.ts';
import { parametersOf } from '../../wire/path-template.ts';
import type { Compiling } from '../compile/compiling.ts';
import { checkTemplate } from './check-template.ts';

/** Reports operations that no request can match, and relations that can hold for nobody. */
export function checkOperation(compiling: Compiling, operation: Operation): void {
  checkTemplate(compiling, operation);
  checkBody(compiling, operation);
  checkCallers(compiling, operation);
}

/** A member of the body that names somebody can only be sent if it is declared. */
function checkBody(compiling: Compiling, { name, protocol, owner, parameters, accepts }: Operation): void {
  const path = ['operations', name];
  const named = [
    ...parameters.flatMap((each) => (each.in === 'body' ? [each.name.split('.')[0] ?? ''] : [])),
    ...(owner?.from === 'body' ? [owner.path[0] ?? ''] : []),
  ];
  if (protocol === 'graphql' && named.length > 0)
    compiling.error(path, 'The body of a GraphQL request has no members of its own.', 'Write argument.NAME.');
  const lacking = named.find((each) => protocol === 'rest' && !accepts?.includes(each));
  if (lacking !== undefined)
    compiling.error(
      path,
      `"${lacking}" is not in \`accepts\`, so it can never be sent.`,
      `Add it: accepts: [${lacking}].`,
    );
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
      : 'Write owner: path.NAME, owner: body.NAME or owner: { of: GET /path }.';
  compiling.error([...path, 'by'], `The operation has no owner, so nobody can be ${toOwner}.`, fix);
}

/** A pre-read must be a GET of one object whose path parameters this path has. */
export function checkPreReads(compiling: Compiling, operations: readonly Operation[]): void {
  for (const operation of operations) {
    const { name, owner, template } = operation;
    if (owner?.from !== 'operation') continue;
    const read = operations.find((each) => each.name === owner.operation);
    if (!read) continue;
    const path = ['operations', name, 'owner'];
    if (read.method !== 'GET') compiling.error(path, 'An owner is read by a GET, which changes nothing.');
    const given = parametersOf(template ?? []);
    const lacking = parametersOf(read.template ?? []).find((each) => !given.includes(each));
    if (lacking !== undefined)
      compiling.error(path, `"${read.name}" needs {${lacking}}, which this path does not have.`);
    const choosing = queryOf(operation).filter((each) => !owner.harmless?.includes(each));
    const untaken = choosing.find((each) => !queryOf(read).includes(each));
    if (untaken !== undefined)
      compiling.error(
        path,
        `"${name}" takes the query parameter "${untaken}", and "${read.name}" does not: another object could be read than the one acted on.`,
        `Declare it on both, or, if it does not choose the object, write harmless: [${untaken}].`,
      );
    checkReadHeaders(compiling, operation, read);
    if (read.returns.type !== 'object') compiling.error(path, `"${read.name}" does not return one object.`);
  }
}

/** The read is sent with the headers of the operation: one that it does not take could choose another object. */
function checkReadHeaders(compiling: Compiling, { name, parameters }: Operation, read: Operation): void {
  const taken = new Set(read.parameters.flatMap((each) => (each.in === 'header' ? [each.name] : [])));
  const untaken = parameters.find((each) => each.in === 'header' && !taken.has(each.name));
  if (untaken)
    compiling.warn(
      ['operations', name, 'owner'],
      `"${name}" takes the header "${untaken.name}", and "${read.name}" does not: if it chooses the object, another one is read than the one acted on.`,
      'Declare it on both, or in the `headers` of the contract if it chooses nothing.',
    );
}

function queryOf({ parameters }: Operation): string[] {
  return parameters.flatMap((each) => (each.in === 'query' ? [each.name] : []));
}
