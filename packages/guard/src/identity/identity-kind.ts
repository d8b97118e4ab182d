import type {
  ApiKeyIdentity,
  CompiledContract,
  EpochMs,
  ErrorCode,
  Identity,
  KnownApiKey,
  Principal,
} from '@leakproof/core';
import type { FullResponse, IncomingRequest, OutboundRequest } from '@leakproof/http';
import type { CredentialTraits } from '../headers/credential-traits.ts';
import type { Limits } from '../limits.ts';
import type { ReadSecret } from './secret.ts';
import type { FetchKeys } from './token/key-set.ts';

export type Identified =
  /** `setCookies`: values of `Set-Cookie` for this caller, where the origin was asked for this very request. */
  | { readonly principal: Principal; readonly setCookies?: readonly string[] }
  | { readonly invalid: ErrorCode }
  /** It cannot be known now whether the credential is valid. */
  | { readonly unavailable: ErrorCode };

export type AskOrigin = (
  request: OutboundRequest,
  /** `caller`: whose part of the connections it takes. */
  options: { readonly caller: string; readonly maxBytes: number; readonly timeoutMs: number },
) => Promise<FullResponse | ErrorCode>;

/** What identities need besides the contract. */
export interface IdentityOptions {
  readonly contract: CompiledContract;
  readonly now: () => EpochMs;
  readonly fetchKeys: FetchKeys;
  readonly readSecret: ReadSecret;
  /** The API keys that are known now, the same array until they change; default: those of the contract. */
  readonly keysOf?: ((by: ApiKeyIdentity) => readonly KnownApiKey[]) | undefined;
  /** Sends a request to an endpoint and reads the whole answer. Never rejects. */
  readonly askOrigin: AskOrigin;
  readonly limits: Pick<
    Limits,
    'maxTokens' | 'userinfoTimeoutMs' | 'maxUnknownCredentials' | 'maxUnknownCredentialsPerNetwork'
  >;
}

/** Recognises the principals of all kinds in a contract that are recognised in the same way. */
export interface CredentialReader {
  /** The credentials of this way in a request; more than one in a request, over all readers, is invalid. */
  find(request: IncomingRequest): readonly string[];
  /** Synchronous where nothing has to be verified or asked. */
  read(credential: string, request: IncomingRequest): Identified | Promise<Identified>;
}

/** One kind of principal in the contract, with how it is recognised. */
export interface NamedIdentity<By extends Identity> {
  readonly kind: string;
  readonly by: By;
}

/** One way to recognise a principal, with everything that the rest of the guard has to know of it. */
export interface IdentityKind {
  readonly how: Identity['how'];
  readonly traits: (contract: CompiledContract) => readonly Partial<CredentialTraits>[];
  /** Undefined if the contract has no kind of this way. Throws the codes of the secrets it reads. */
  readonly reader: (options: IdentityOptions) => CredentialReader | undefined;
}

interface Definition<By extends Identity> {
  readonly traits: (by: By) => Partial<CredentialTraits>;
  readonly reader: (kinds: readonly NamedIdentity<By>[], options: IdentityOptions) => CredentialReader;
}

type Of<How extends Identity['how']> = Extract<Identity, { how: How }>;

export function defineIdentity<How extends Identity['how']>(how: How, definition: Definition<Of<How>>): IdentityKind {
  const kindsOf = ({ principals }: CompiledContract): NamedIdentity<Of<How>>[] =>
    principals.flatMap(({ name, by }) => (isBy(by, how) ? [{ kind: name, by }] : []));
  return {
    how,
    traits: (contract) => kindsOf(contract).map(({ by }) => definition.traits(by)),
    reader: (options) => {
      const kinds = kindsOf(options.contract);
      return kinds.length > 0 ? definition.reader(kinds, options) : undefined;
    },
  };
}

function isBy<How extends Identity['how']>(by: Identity, how: How): by is Of<How> {
  return by.how === how;
}
