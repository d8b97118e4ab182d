import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CompiledContract } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { onTestFinished } from 'vitest';
import { readIdentities } from '../identities/read-identities.ts';
import { scan, type ScanOptions } from '../run/scan.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { readResolve } from '../transport/resolve-map.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** The value of a header; undefined if the request does not have it. */
  readonly header: (name: string) => string | undefined;
  /** The id of the authenticated caller. */
  readonly caller: string | undefined;
}

/** The body of a response with status 200, or a status. */
export type Handle = (request: ApiRequest) => object | number;

export interface ScannedApi extends ScanResult {
  /** `METHOD target caller` of every request, in order. */
  readonly log: readonly string[];
  readonly options: ScanOptions;
}

const headOf = (isDescribed: boolean): string => `
leakproof: 1
api: { ${isDescribed ? 'openapi: openapi.yaml, ' : ''}servers: { one: { rest: 'http://api.test', caller: verified } } }
principals:
  member:
    jwt: { issuer: x, audience: api, jwks: 'http://api.test/jwks', algorithms: [ES256] }
    id: claims.sub
    ids: person
`;

/** A contract with one kind of principal, `member`, and the given rest. `description`: an OpenAPI document. */
export function contractOf(rest: string, description?: string): CompiledContract {
  const main = `${headOf(description !== undefined)}${rest}`;
  return loadContractOrThrow('api.yaml', (file) => ({
    file,
    text: file.endsWith('openapi.yaml') ? (description ?? '') : main,
  }));
}

export interface ApiToScan {
  readonly contract: CompiledContract;
  readonly handle: Handle;
  /** Ids of the identities, which are named like this. Default: alice and bob. */
  readonly people?: readonly string[];
  /** More of the identities file, such as `reads` and `inputs`. */
  readonly hints?: string;
}

/** Starts an API for the length of one test, and returns the options that scan it. */
export async function optionsFor({ contract, handle, people = ['alice', 'bob'], hints = '' }: ApiToScan): Promise<{
  readonly options: ScanOptions;
  readonly log: string[];
}> {
  const log: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api.test');
    const token = /^Bearer [^.]+\.([^.]+)\./.exec(request.headers.authorization ?? '')?.[1];
    const caller =
      token === undefined ? undefined : (JSON.parse(Buffer.from(token, 'base64url').toString()) as { sub: string }).sub;
    const method = request.method ?? 'GET';
    log.push(`${method} ${request.url} ${caller ?? 'anonymous'}`);
    const path = decodeURIComponent(url.pathname);
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    const answer = handle({ method, path, query: url.searchParams, body: await text(request), header, caller });
    response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(typeof answer === 'number' ? { error: 'no' } : answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const identities = people.map(
    (name) => `  - { name: ${name}, kind: member, server: one, token: { from: { env: ${name} } } }`,
  );
  const identitiesText = ['leakproof: 1', 'identities:', ...identities, hints].join('\n');
  const { port } = server.address() as AddressInfo;
  const options: ScanOptions = {
    contract,
    identities: readIdentities(identitiesText, contract),
    readSecret: (source) => Promise.resolve(tokenOf('env' in source ? source.env : '')),
    resolve: readResolve([`api.test:80:127.0.0.1:${port}`]),
  };
  return { options, log };
}

const tokenOf = (sub: string): string => `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.c2ln`;

export async function scanApi(api: ApiToScan): Promise<ScannedApi> {
  const { options, log } = await optionsFor(api);
  return { ...(await scan(options)), log, options };
}
