import {
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  specifiedRules,
  validate,
  valueFromASTUntyped,
} from 'graphql';
import type { CompiledContract, Operation, Server } from '../contract/compiled.ts';
import { isLeakproofError, LeakproofError } from '../errors.ts';
import { type GraphqlRequest, readGraphqlRequest } from '../wire/graphql-request.ts';
import { notThePrincipal } from './asserted-principal.ts';
import { addEvidence } from '../graphql/add-evidence.ts';
import { refuseDeepDocument } from '../graphql/refuse-deep-document.ts';
import { schemaOf } from '../graphql/schema.ts';
import { type Chosen, responseShape, type RootField, rootFields } from '../graphql/response-shape.ts';
import type { ExpectedResponse } from './expected-response.ts';
import type { Ask, RequestView, ResponsePlan } from './response-plan.ts';
import { isKnown, type Principal } from '../rules/principal.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { ServerMatch } from './route.ts';

/** Most tokens of a document, and most fields of one operation once its fragments are spread. */
const LIMITS = { maxTokens: 4_000, maxFields: 1_000, maxDepth: 15, maxBrackets: 100 };

/** What is decided for one GraphQL request. */
interface GraphqlAdmission {
  readonly contract: CompiledContract;
  readonly serverMatch: ServerMatch;
  readonly request: RequestView;
  readonly principal: Principal;
}

/**
 * Admits one GraphQL request: every root field is an operation. The document is validated against the contract's schema,
 * and the fields that identify owners are added to its selections.
 */
export function admitGraphql(admission: GraphqlAdmission): Refusal | Ask | ResponsePlan {
  const { contract, serverMatch, request, principal } = admission;
  if (request.method !== 'POST' || serverMatch.target.query.length > 0) return notAPost();
  const { body } = request;
  if (body === 'unread') return { type: 'ask', asks: [], reads: [] };
  return refusingErrors((): Refusal | ResponsePlan => {
    const document = readDocument(contract, body);
    const roots = rootFields(document);
    // Who may not call it is refused before the document is validated, which costs more than anything before it.
    for (const root of roots) {
      const operation = operationOf(admission, root);
      const refusal = operation && callerRefusal(operation, principal);
      if (refusal) return refusal;
    }
    const operations = declaredOperations(admission, document, roots);
    if ('type' in operations) return operations;
    const caller = { principal, server: serverMatch.server };
    for (const { operation, root } of operations) {
      const refusal = argumentRefusal(operation, { root, asked: document.asked, caller });
      if (refusal) return refusal;
    }
    const expanded = addEvidence(contract, document);
    const modes = operations.map(({ operation }) => operation.mode ?? contract.mode);
    return {
      type: 'plan',
      operation: namesOf(operations),
      server: serverMatch.server,
      protocol: 'graphql',
      principal,
      expected: { shape: responseShape(contract, expanded), space: serverMatch.server.space },
      mode: modes.includes('enforce') ? 'enforce' : (modes[0] ?? contract.mode),
      body: bodyOf(document.asked, print(expanded.document)),
    };
  });
}

/** The response to the very query, whoever sends it (`expectResponse`). */
export function expectGraphql(asked: Omit<GraphqlAdmission, 'principal'>): Refusal | ExpectedResponse {
  const { contract, serverMatch, request } = asked;
  const { method, body } = request;
  if (method !== 'POST' || serverMatch.target.query.length > 0 || body === 'unread') return notAPost();
  return refusingErrors((): Refusal | ExpectedResponse => {
    const document = readDocument(contract, body);
    const operations = declaredOperations(asked, document, rootFields(document));
    if ('type' in operations) return operations;
    const expected = { shape: responseShape(contract, document, '__typename'), space: serverMatch.server.space };
    return { type: 'expected', operation: namesOf(operations), expected };
  });
}

interface RequestedOperation {
  readonly operation: Operation;
  readonly root: RootField;
}

/** The operations that a valid document requests. Throws GraphQLError. */
function declaredOperations(
  at: Pick<GraphqlAdmission, 'contract' | 'serverMatch'>,
  document: Chosen,
  roots: readonly RootField[],
): Refusal | readonly RequestedOperation[] {
  const [invalid] = validate(document.schema, document.document, specifiedRules, { maxErrors: 1 });
  if (invalid) throw invalid;
  const operations: RequestedOperation[] = [];
  for (const root of roots) {
    if (root.field === '__typename') continue;
    const operation = operationOf(at, root);
    if (!operation) return refuse(404, 'LP-OPERATION-UNDECLARED', `The root field ${root.name} is not declared.`);
    operations.push({ operation, root });
  }
  return operations;
}

function namesOf(operations: readonly RequestedOperation[]): string {
  return [...new Set(operations.map(({ operation }) => operation.name))].sort().join(',') || '__typename';
}

const notAPost = (): Refusal => refuse(405, 'LP-QUERY-INVALID', 'A GraphQL request is a POST.');

function refusingErrors<Decision>(decide: () => Decision): Decision | Refusal {
  try {
    return decide();
  } catch (error) {
    if (isLeakproofError(error)) return refuse(400, error.code, error.message);
    if (error instanceof GraphQLError) return refuse(400, 'LP-QUERY-INVALID', error.message);
    throw error;
  }
}

function operationOf(
  { contract, serverMatch }: Pick<GraphqlAdmission, 'contract' | 'serverMatch'>,
  { name }: RootField,
): Operation | undefined {
  const { server } = serverMatch;
  return contract.operations.find(
    (each) => each.name === name && (!each.servers || each.servers.includes(server.name)),
  );
}

/** The document of a request, parsed and not yet validated, and the operation of it that will run. */
function readDocument(
  contract: CompiledContract,
  body: Uint8Array | undefined,
): Chosen & { readonly asked: GraphqlRequest } {
  const asked = readGraphqlRequest(body ?? new Uint8Array());
  const schema = schemaOf(contract);
  refuseDeepDocument(asked.query, { maxDepth: LIMITS.maxBrackets, maxTokens: LIMITS.maxTokens });
  const document = parse(asked.query, { noLocation: true, maxTokens: LIMITS.maxTokens });
  const definitions = document.definitions.filter(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const chosen =
    asked.operationName === undefined
      ? definitions
      : definitions.filter((each) => each.name?.value === asked.operationName);
  const [definition] = chosen;
  if (!definition || chosen.length !== 1)
    throw new LeakproofError('LP-QUERY-INVALID', 'The request does not say which operation to run.');
  if (definition.operation === OperationTypeNode.SUBSCRIPTION)
    throw new LeakproofError('LP-QUERY-INVALID', 'Subscriptions are not read.');
  return { asked, schema, definition, document, limits: LIMITS };
}

function callerRefusal(operation: Operation, principal: Principal): Refusal | undefined {
  const relations = isKnown(principal) ? ['anyone', 'member', principal.kind] : ['anyone'];
  if (operation.by.some((each) => relations.includes(each))) return undefined;
  if (!isKnown(principal))
    return refuse(401, 'LP-CALLER-UNKNOWN', `${operation.name} requires ${operation.by.join(', ')}.`);
  return refuse(403, 'LP-CALLER-NOT-ALLOWED', `${operation.name} is for ${operation.by.join(', ')} only.`);
}

function argumentRefusal(
  operation: Operation,
  { root, asked, caller }: { root: RootField; asked: GraphqlRequest; caller: { principal: Principal; server: Server } },
): Refusal | undefined {
  for (const parameter of operation.parameters) {
    if (!parameter.isPrincipal) continue;
    const argument = root.node.arguments?.find((each) => each.name.value === parameter.name);
    if (!argument && parameter.optional) continue;
    // Without the argument a default of the schema could name somebody; without its variable, a default of the document.
    if (!argument)
      return refuse(400, 'LP-PRINCIPAL-ASSERTED', `The argument "${parameter.name}" must name the caller.`);
    const value: unknown = valueFromASTUntyped(argument.value, { ...asked.variables });
    const refusal = notThePrincipal(parameter, idText(value), caller);
    if (refusal) return refusal;
  }
  return undefined;
}

/** An argument as an id; undefined for numbers beyond 2^53, which the parser has rounded. */
function idText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : '';
}

function bodyOf(asked: GraphqlRequest, query: string): string {
  const name = asked.operationName === undefined ? '' : `,"operationName":${JSON.stringify(asked.operationName)}`;
  const variables = asked.rawVariables === undefined ? '' : `,"variables":${asked.rawVariables}`;
  return `{"query":${JSON.stringify(query)}${name}${variables}}`;
}
