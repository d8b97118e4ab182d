import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { EpochMs } from '@leakproof/core';
import { checkSecurityTxt, type SecurityTxtIssue } from './check.ts';

export interface FetchOptions {
  readonly nowMs: EpochMs;
  /** Connect here instead of the host's address. */
  readonly address?: { readonly address: string; readonly port: number } | undefined;
  /** Certificates of authorities that are trusted besides, PEM. */
  readonly ca?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface SecurityTxtReport {
  readonly host: string;
  /** Where it was found, after redirects, which are all listed. */
  readonly urls: readonly string[];
  readonly issues: readonly SecurityTxtIssue[];
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 65_536;
const TIMEOUT_MS = 10_000;
const error = (code: SecurityTxtIssue['code'], message: string): SecurityTxtIssue => ({
  code,
  level: 'error',
  message,
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string | undefined;
  readonly bytes: Uint8Array;
}

/** Reads and checks the security.txt of one exact host, over https. Never throws for what a host answers. */
export async function checkHost(host: string, options: FetchOptions): Promise<SecurityTxtReport> {
  const urls: string[] = [];
  const wellKnown = await read(`https://${host}/.well-known/security.txt`, urls, options);
  if ('failure' in wellKnown) return { host, urls, issues: [wellKnown.failure] };
  if (wellKnown.status === 200) return { host, urls, issues: issuesOf(wellKnown, urls, options) };
  const legacy = await read(`https://${host}/security.txt`, urls, options);
  if ('failure' in legacy || legacy.status !== 200)
    return { host, urls, issues: [error('no_security_txt', `${host} has no security.txt.`)] };
  const location = error('location', 'It is at the top level only; /.well-known/security.txt is where it belongs.');
  return { host, urls, issues: [location, ...issuesOf(legacy, urls, options)] };
}

function issuesOf(
  { type, bytes }: Answer,
  urls: readonly string[],
  { nowMs }: FetchOptions,
): readonly SecurityTxtIssue[] {
  const issues: SecurityTxtIssue[] = [];
  const [media = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (media === '') issues.push(error('no_content_type', 'It has no Content-Type.'));
  else if (media !== 'text/plain') issues.push(error('invalid_media', `It is ${media}, not text/plain.`));
  else if (!parameters.some((each) => /^charset="?utf-8"?$/.test(each)))
    issues.push(error('invalid_charset', 'Its Content-Type has no charset=utf-8.'));
  return [...issues, ...checkSecurityTxt(bytes, { nowMs, url: urls.at(-1) })];
}

async function read(
  first: string,
  urls: string[],
  options: FetchOptions,
): Promise<Answer | { readonly failure: SecurityTxtIssue }> {
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (!url.startsWith('https:'))
      return { failure: error('invalid_uri_scheme', `A redirect leads to ${url.slice(0, 200)}, without https.`) };
    urls.push(url);
    const answer = await get(url, options).catch((cause: unknown) => {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      return /CERT|TLS|SSL|ALTNAME/.test(code)
        ? { failure: error('invalid_cert', `The certificate is not valid: ${code}.`) }
        : { failure: error('no_security_txt', `It cannot be reached: ${code === '' ? 'no answer' : code}.`) };
    });
    if ('failure' in answer || answer.location === undefined || answer.status < 300 || answer.status > 399)
      return answer;
    if (!URL.canParse(answer.location, url)) return answer;
    url = new URL(answer.location, url).href;
  }
  return { failure: error('no_security_txt', 'Too many redirects.') };
}

function get(url: string, { address, ca, timeoutMs = TIMEOUT_MS }: FetchOptions): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: address?.address ?? hostname,
        port: address?.port ?? (port === '' ? 443 : Number(port)),
        path: `${pathname}${search}`,
        servername: hostname,
        headers: { host, 'user-agent': 'leakproof-desk' },
        timeout: timeoutMs,
        agent: false,
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        void collect(response).then(resolve, reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_BYTES) break;
  }
  const { statusCode = 0, headers } = response;
  return {
    status: statusCode,
    type: headers['content-type'] ?? '',
    location: headers.location,
    bytes: Buffer.concat(pieces),
  };
}
