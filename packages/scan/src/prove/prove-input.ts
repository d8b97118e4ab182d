import type { Exchange } from '@leakproof/core';
import type { Answer } from '@leakproof/map';
import type { DeclaredHttpOperation } from '@leakproof/sources';
import type { IdentitySource } from '../identities/identities-source.ts';
import type { CREDENTIAL_KINDS } from '../identities/kinds/index.ts';

/** A credential as an identities file has it: a reference, never the secret. */
export type CredentialReference = Pick<IdentitySource, keyof typeof CREDENTIAL_KINDS>;

/** One identity of the command line. */
export interface ProveIdentity {
  readonly name: string;
  readonly credential: CredentialReference;
}

/** What a person has of an API. Contains credentials and personal data: keep it in memory. */
export interface ProveInput {
  /** Those of an identity with its name. */
  readonly exchanges: readonly Exchange[];
  readonly declared: readonly DeclaredHttpOperation[];
  readonly identities: readonly ProveIdentity[];
  readonly answers: readonly Answer[];
  /** Captured POST operations that only read, confirmed by name. */
  readonly reads: readonly string[];
  /** An origin to call, for descriptions that name no server. */
  readonly server?: string | undefined;
}
