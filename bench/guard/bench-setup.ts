import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { debianPeers, npmPeers } from './install-peers.ts';
import { startModSecurity, startNginxOrigin, startNginxProxy } from './nginx.ts';
import { CONTRACT, MEMBERS, PAGES, pagesOf, type Size } from './people.ts';
import type { GuardScript } from './serve-guard.ts';
import type { PeerName, PeerScript } from './serve-peer.ts';
import { type ServerProcess, startScript } from './server-process.ts';

export const OURS = 'guard';
export const NPM_PEERS = ['http-proxy-3', 'httpxy', '@fastify/http-proxy'] as const satisfies readonly PeerName[];

export interface BenchSetup {
  readonly origin: ServerProcess;
  /** The proxies in front of the origin, by name. */
  readonly proxies: ReadonlyMap<string, ServerProcess>;
  /** One request for each member and page, in mixed order. */
  readonly requests: readonly Buffer[];
  stop(): Promise<void>;
}

/** Starts an origin with pages of one size, and all proxies in front of it. A peer that cannot be installed is skipped. */
export async function startBenchSetup(size: Size, folder: string): Promise<BenchSetup> {
  const root = debianPeers();
  const modules = npmPeers();
  const internal = await startScript('serve-follows.ts', {});
  const origin = root
    ? await startNginxOrigin(root, folder, pagesOf(size))
    : await startScript('serve-follows.ts', { size });
  const proxies = new Map<string, ServerProcess>();
  const { contractFile, tokens } = await writeContract(folder);
  const logDirectory = join(folder, 'log');
  const ours: GuardScript = { contractFile, logDirectory, originPort: origin.port, internalPort: internal.port };
  proxies.set(OURS, await startScript('serve-guard.ts', ours));
  if (root) {
    proxies.set('nginx', await startNginxProxy(root, folder, origin.port));
    proxies.set('nginx + ModSecurity + CRS', await startModSecurity(root, folder, origin.port));
  }
  for (const peer of ['node:http + undici', 'parse, filter, stringify', ...(modules ? NPM_PEERS : [])] as const) {
    const options: PeerScript = { peer, modules, originPort: origin.port };
    proxies.set(peer, await startScript('serve-peer.ts', options));
  }
  const requests = Array.from({ length: MEMBERS * PAGES }, (_, index) =>
    requestBytes((index * 7) % PAGES, tokens[index % MEMBERS] ?? ''),
  );
  return {
    origin,
    proxies,
    requests,
    stop: async () => {
      await Promise.all([...proxies.values(), origin, internal].map((each) => each.stop()));
    },
  };
}

export function requestBytes(page: number, token: string): Buffer {
  const head = `GET /users?page=${page} HTTP/1.1\r\nHost: api.test\r\nAccept: application/json\r\nUser-Agent: bench/1\r\n`;
  return Buffer.from(`${head}Authorization: Bearer ${token}\r\n\r\n`);
}

/** Writes the compiled contract of the bench to `folder`, and signs a token for each member. */
export async function writeContract(folder: string): Promise<{ contractFile: string; tokens: readonly string[] }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
  const contract = loadContractOrThrow('contract.yaml', (path) =>
    path.endsWith('jwks.json') ? { file: 'jwks.json', text: jwks } : { file: 'contract.yaml', text: CONTRACT },
  );
  mkdirSync(folder, { recursive: true });
  const contractFile = join(folder, 'contract.json');
  writeFileSync(contractFile, JSON.stringify(contract));
  const sign = (sub: string): Promise<string> =>
    new SignJWT({ iss: 'bench', aud: 'api', sub })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setExpirationTime('2h')
      .sign(privateKey);
  return {
    contractFile,
    tokens: await Promise.all(Array.from({ length: MEMBERS }, (_, index) => sign(`${index + 1}`))),
  };
}
