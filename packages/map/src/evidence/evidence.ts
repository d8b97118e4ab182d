import type { Exchange } from '@leakproof/core';
import type { DeclaredOperation, Inventory } from '@leakproof/sources';
import type { Answer } from '../answers/answer.ts';

/** What is known of an identity besides its exchanges. */
export interface Identity {
  /** Ids of its principal: what the API calls it. */
  readonly ids: readonly string[];
}

/** What a contract is drafted from. Contains credentials and personal data: keep it in memory. */
export interface Evidence {
  readonly exchanges: readonly Exchange[];
  /** Of these exchanges, and of what descriptions declare. */
  readonly inventory: Inventory;
  readonly declared?: readonly DeclaredOperation[];
  /** By the identity's name (`Caller.identity`). What tokens claim of their own callers is added. */
  readonly identities?: Readonly<Record<string, Identity>>;
  /** A GraphQL schema: SDL, or the answer of an introspection query. Without it no GraphQL is drafted. */
  readonly schema?: string;
  readonly answers?: readonly Answer[];
}
