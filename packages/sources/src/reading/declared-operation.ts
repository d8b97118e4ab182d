import type { DeclaredHttpOperation, DeclaredParts } from '@leakproof/core/openapi';

export type {
  DeclaredBody,
  DeclaredField,
  DeclaredHttpOperation,
  DeclaredParameter,
  DeclaredResponse,
  DeclaredScheme,
  DeclaredSecurity,
  ParameterLocation,
} from '@leakproof/core/openapi';

/** A root field of a GraphQL schema, or a field that error messages of a server disclose. */
export interface DeclaredGraphqlOperation extends DeclaredParts {
  readonly protocol: 'graphql';
  /** `unknown`: a field of a type that is not a root (`User.email`); which operation returns it is not known. */
  readonly operationType: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly field: string;
}

/** An operation that a description declares, whether or not it was ever called. */
export type DeclaredOperation = DeclaredHttpOperation | DeclaredGraphqlOperation;
