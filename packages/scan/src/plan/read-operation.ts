import type { Endpoint, Operation, Protocol, Server } from '@leakproof/core';
import type { Recipe, Slot } from './slot.ts';

/** An operation that only reads, on one server. */
export interface ReadOperation {
  readonly key: string;
  readonly server: Server;
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  /** The operation as the contract declares it. */
  readonly declared: Operation;
  /** In the order they are tried. */
  readonly recipes: readonly Recipe[];
  /** Parameters and body properties that can be sent besides a recipe. */
  readonly filters: readonly Slot[];
  /** Arguments of a GraphQL operation that no recipe has. */
  readonly unsentArguments?: readonly string[] | undefined;
  /** Values that are the same for every caller: `query.NAME`, `header.NAME`, `path.NAME`, `body.NAME`. */
  readonly constants: Constants;
  /** The document of a GraphQL operation. */
  readonly query?: string | undefined;
}

export type Constants = Readonly<Record<string, string>>;

/** An operation that is not tested, and why. */
export interface NotTested {
  readonly server: string;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly reason: string;
  /** It may change data. */
  readonly isWrite?: true | undefined;
}
