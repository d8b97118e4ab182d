import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledContract, Mode } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { startGuard } from '@leakproof/guard';
import { openLog } from '@leakproof/log';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Credentials } from './corpus-case.ts';

const SECRET = 'corpus-secret-of-the-api';

/** A proxy that is started for each case. */
export interface ProxyUnderTest {
  readonly name: string;
  start(originPort: number): Promise<{ readonly port: number; close(): Promise<void> }>;
}

export interface CorpusSetup {
  readonly credentials: Credentials;
  readonly enforcing: ProxyUnderTest;
  /** The same guard in monitor: what it releases shows that the cases can fail. */
  readonly monitoring: ProxyUnderTest;
}

/** The guard with the corpus's contract, and tokens of its issuer. No lookup is answered. */
export async function setUpCorpus(): Promise<CorpusSetup> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }];
  const sign = (sub: string, more: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ iss: 'corpus', aud: 'api', sub, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setExpirationTime('1h')
      .sign(privateKey);
  const signWith = (secret: string): Promise<string> =>
    new SignJWT({ sub: '9' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(Buffer.from(secret));
  process.env['LEAKPROOF_CORPUS_SECRET'] = SECRET;
  const contract = loadContractOrThrow('contract.yaml', (path) => {
    const name = path.split('/').at(-1) ?? '';
    const text =
      name === 'jwks.json' ? JSON.stringify({ keys }) : readFileSync(join(import.meta.dirname, name), 'utf8');
    return { file: name, text };
  });
  return {
    credentials: {
      stranger: await sign('9'),
      owner: await sign('7'),
      twin: await sign('6', { twin: '7' }),
      hmac: await signWith(SECRET),
      forged: await signWith('another secret'),
    },
    enforcing: { name: 'guard', start: (originPort) => startProxy(contract, originPort, 'enforce') },
    monitoring: { name: 'monitor', start: (originPort) => startProxy(contract, originPort, 'monitor') },
  };
}

async function startProxy(
  contract: CompiledContract,
  originPort: number,
  mode: Mode,
): ReturnType<ProxyUnderTest['start']> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-corpus-'));
  const log = openLog({ directory, now: Date.now });
  const running = await startGuard({
    contract,
    contractDigest: 'corpus',
    mode,
    listen: { host: '127.0.0.1', port: 0 },
    upstreams: (authority) =>
      authority === 'internal.corpus.test' ? undefined : { host: '127.0.0.1', port: originPort },
    log,
    limits: { maxRequestBytes: 4_096, maxBodyBytes: 200_000, maxElementBytes: 200_000, originTimeoutMs: 2_000 },
    tokenize: ({ kind, id }) => `${kind}:${id}`,
    now: Date.now,
  });
  return {
    port: running.port,
    async close() {
      await running.close();
      await log.close();
      rmSync(directory, { recursive: true });
    },
  };
}
