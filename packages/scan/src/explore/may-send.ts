import type { Exchange } from '@leakproof/core';
import { type GraphqlCall, graphqlCalls, readExchange } from '@leakproof/sources';
import { destructiveWord } from './destructive-words.ts';

/** Why a request of the input is not sent. */
export interface NotSent {
  /** `POST /users/{id}/mail`. */
  readonly operation: string;
  readonly why: string;
  /** It is sent if the plan is confirmed with it by name. */
  readonly isConfirmable?: true | undefined;
}

const READ_METHODS = new Set(['GET', 'HEAD', 'QUERY']);

/**
 * Whether a captured request only reads. GET, HEAD and QUERY do, unless they are called like an act; a GraphQL document does if it is
 * a query; another method only if a person confirms the operation by name.
 */
export function mayRepeat(exchange: Exchange, operation: string, confirmed: ReadonlySet<string>): true | NotSent {
  const read = readExchange(exchange);
  const { method, target } = exchange.request;
  const calls = graphqlCalls(read);
  if (calls) return mayRepeatGraphql(calls, operation);
  const word = destructiveWord(target);
  if (word !== undefined) return { operation, why: `its name has the word "${word}"` };
  if (READ_METHODS.has(method)) return true;
  if (method !== 'POST') return { operation, why: `${method} may change data` };
  if (confirmed.has(operation)) return true;
  return { operation, why: 'POST may change data', isConfirmable: true };
}

function mayRepeatGraphql(calls: readonly GraphqlCall[], operation: string): true | NotSent {
  for (const { operationType, roots } of calls) {
    if (operationType !== 'query') return { operation, why: `a GraphQL ${operationType} may change data` };
    if (!roots) return { operation, why: 'the document of its persisted query is not known' };
    for (const { field } of roots.values()) {
      const word = destructiveWord(field);
      if (word !== undefined) return { operation: `Query.${field}`, why: `its name has the word "${word}"` };
    }
  }
  return true;
}
