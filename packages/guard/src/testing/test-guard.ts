import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord, type LogRecord, type Mode, type Tokenize } from '@leakproof/core';
import { type FactLog, openLog, readLog } from '@leakproof/log';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import { type RunningGuard, startGuard } from '../adapters/proxy/start-guard.ts';
import type { Limits } from '../limits.ts';
import { compileContract } from './small-contract.ts';
import type { TestOrigin } from './test-origin.ts';

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
/** The issuer's public key, which anybody may have. */
export const PUBLIC_PEM = await exportSPKI(publicKey);
const PUBLIC_JWK = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };

/** A token of the small contract's issuer, valid for an hour unless `claims` differ. */
export function token(
  sub: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'cadence', aud: 'api', sub, iat: nowSeconds, exp: nowSeconds + 3600, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT', ...header })
    .sign(privateKey);
}

export interface TestGuardOptions {
  readonly origin: TestOrigin;
  /** Answers lookups; default: `origin`. */
  readonly internal?: TestOrigin;
  readonly contract?: string;
  readonly mode?: Mode;
  readonly limits?: Partial<Limits>;
  /** Default: a real log. */
  readonly log?: Pick<FactLog, 'append'>;
  readonly tokenize?: Tokenize;
}

export interface TestGuard extends RunningGuard {
  /** Closes guard and log, and reads the log. */
  readonly records: () => Promise<readonly LogRecord[]>;
}

/** Starts a guard on loopback before `origin`, with a log in a new directory. */
export async function startTestGuard(options: TestGuardOptions): Promise<TestGuard> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-guard-'));
  const log = openLog({ directory, now: Date.now });
  const { origin, internal = origin } = options;
  const running = await startGuard({
    contract: compileContract(options.contract, [PUBLIC_JWK]),
    contractDigest: 'digest',
    mode: options.mode,
    limits: options.limits ?? {},
    listen: { host: '127.0.0.1', port: 0 },
    upstreams: (authority) => {
      if (authority === 'internal.test') return { host: '127.0.0.1', port: internal.port };
      return authority.endsWith('.test') ? { host: '127.0.0.1', port: origin.port } : undefined;
    },
    log: options.log ?? log,
    tokenize: options.tokenize ?? ((ref) => `${ref.kind}:${ref.id}`),
    now: Date.now,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= running.close().then(() => log.close()));
  onTestFinished(async () => {
    await close();
    rmSync(directory, { recursive: true });
  });
  return {
    ...running,
    close,
    records: async () => {
      await close();
      return [...readLog(directory)].flatMap((frame) => ('payload' in frame ? [decodeRecord(frame.payload)] : []));
    },
  };
}
