import { type Exchange, LeakproofError, type Server } from '@leakproof/core';
import type { z } from 'zod';
import type { Transport } from '../../transport/transport.ts';
import type { ReadSecret } from '../read-secret.ts';
import type { SecretSource } from '../secret-source.ts';
import type { Session } from '../session.ts';

/** Reads the exchanges of a capture. Throws LP-SECRET-MISSING, which names the source and never its content. */
export type ReadCapture = (source: SecretSource) => Promise<readonly Exchange[]>;

export interface OpenContext {
  /** Of the identity, for messages. */
  readonly name: string;
  readonly home: Server;
  readonly transport: Transport;
  readonly readSecret: ReadSecret;
  readonly readCapture?: ReadCapture | undefined;
}

/** One kind of credential: its key in an identities file, and how a session is opened with it. */
export interface CredentialKind<Id extends string, Schema extends z.ZodType> {
  /** The key of the identities file, and the name of its folder in kebab case. */
  readonly id: Id;
  readonly schema: Schema;
  /** Whether a new credential can be obtained without its owner. */
  readonly renews: boolean;
  /** Throws LP-IDENTITY-DEAD, LP-SECRET-MISSING, LP-TARGET-UNREACHABLE. */
  readonly open: (source: z.infer<Schema>, context: OpenContext) => Promise<Session>;
}

export function defineCredential<Id extends string, Schema extends z.ZodType>(
  kind: CredentialKind<Id, Schema>,
): CredentialKind<Id, Schema> {
  return kind;
}

/** What undici takes as a header value; a line break at the end of a secret is removed before. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

/** The credential, if a header can carry it. Throws LP-SECRET-MISSING. */
export function headerValue(name: string, credential: string): string {
  if (HEADER_VALUE.test(credential)) return credential;
  throw new LeakproofError('LP-SECRET-MISSING', `The credential of "${name}" is empty, or no header can carry it.`);
}

export function deadIdentity(name: string, why: string): LeakproofError {
  return new LeakproofError('LP-IDENTITY-DEAD', `"${name}" ${why}.`);
}
