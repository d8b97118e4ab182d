import { LeakproofError } from '../errors.ts';
import { decodeUtf8, type JsonNode, type JsonText, memberOf, readJson, stringOf, valueOf } from './json.ts';

/** A GraphQL request (GraphQL over HTTP), read strictly. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The variables as sent, to be forwarded unchanged; undefined if absent. */
  readonly rawVariables: string | undefined;
}

/** The request parameters of GraphQL over HTTP (§5.1). `extensions` is for tracing and client data: read, and not forwarded. */
const MEMBERS = new Set(['query', 'operationName', 'variables', 'extensions']);

/**
 * Reads the JSON body of a POST. Batches, persisted queries without their document, and members that are no request parameters
 * are refused, because they cannot be judged. Throws LP-QUERY-INVALID, LP-JSON-INVALID, LP-JSON-TOO-DEEP.
 */
export function readGraphqlRequest(body: Uint8Array): GraphqlRequest {
  const json = readJson(decodeUtf8(body));
  const { root } = json;
  if (root.type !== 'object') throw wrong('The body must be one request object; batches are not read.');
  for (const member of root.members) {
    if (!MEMBERS.has(member.key))
      throw wrong('The body has a member besides query, operationName, variables and extensions.');
  }
  const query = textOf(json, memberOf(root, 'query'));
  if (!query) throw wrong('The body has no query.');
  const extensions = memberOf(root, 'extensions');
  if (extensions && extensions.type !== 'object' && extensions.type !== 'null')
    throw wrong('Extensions must be an object.');
  const variables = memberOf(root, 'variables');
  const given = variables && variables.type !== 'null' ? variables : undefined;
  if (given && given.type !== 'object') throw wrong('Variables must be an object.');
  return {
    query,
    operationName: textOf(json, memberOf(root, 'operationName')),
    variables: given ? (valueOf(json, given) as Record<string, unknown>) : {},
    rawVariables: given ? json.text.slice(given.start, given.end) : undefined,
  };
}

function textOf(json: JsonText, node: JsonNode | undefined): string | undefined {
  if (!node || node.type === 'null') return undefined;
  const text = stringOf(json, node);
  if (text === undefined) throw wrong('Query and operationName must be strings.');
  return text;
}

function wrong(detail: string): LeakproofError {
  return new LeakproofError('LP-QUERY-INVALID', detail);
}
