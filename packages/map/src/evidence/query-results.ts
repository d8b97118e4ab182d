import { graphqlCalls, readExchange, type Selected } from '@leakproof/sources';
import { isRecord, type ObservedCall } from './observed-call.ts';

const MAX_DEPTH = 60;

/**
 * The root fields of the GraphQL queries of an exchange, each as a call of its own: `Query.user` with its result, by field names
 * instead of aliases. Mutations and subscriptions are left out. Of a persisted query, of which only a hash is sent, the response
 * keys are the names; it may be a mutation. Status 0: the root field failed or is null.
 */
export function queryResults(call: ObservedCall): ObservedCall[] {
  const queries = (graphqlCalls(readExchange(call.exchange)) ?? []).filter(
    ({ operationType }) => operationType === 'query',
  );
  return queries.flatMap(({ roots, data, failed }) => {
    const fields: Iterable<readonly [string, Selected | undefined]> =
      roots ?? Object.keys(data).map((key) => [key, undefined] as const);
    return [...fields].map(([key, selected]) => {
      const value = withoutAliases(data[key], selected, 0);
      const hasFailed = failed.has(key) || value === undefined || value === null;
      return {
        ...call,
        operation: `Query.${selected?.field ?? key}`,
        // A query only reads, whatever the method of the request.
        method: selected ? 'GET' : call.method,
        query: selected?.arguments.map((each) => [each.name, JSON.stringify(each.value) ?? ''] as const) ?? call.query,
        sent: [],
        status: hasFailed ? 0 : call.status,
        kind: 'json' as const,
        value,
      };
    });
  });
}

function withoutAliases(value: unknown, selected: Selected | undefined, depth: number): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((each) => withoutAliases(each, selected, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const below = selected?.below.get(key);
      return [below?.field ?? key, withoutAliases(each, below, depth + 1)];
    }),
  );
}
