import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkSecurityTxt } from './check.ts';
import { checkHost } from './fetch.ts';
import { writeSecurityTxt } from './fields.ts';
import { signSecurityTxt } from './sign.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const GOOD =
  'Contact: mailto:security@example.org\nExpires: 2026-09-01T00:00:00Z\nEncryption: https://example.org/key\n';
const codes = (text: string | Uint8Array, url?: string): string[] =>
  checkSecurityTxt(typeof text === 'string' ? Buffer.from(text) : text, { nowMs: NOW, url }).map(({ code }) => code);

test.each<[string, string | Uint8Array, string[]]>([
  ['a good one', GOOD, ['not_signed']],
  ['no contact', 'Expires: 2026-09-01T00:00:00Z\n', ['no_contact', 'no_encryption', 'not_signed']],
  ['no expiry', 'Contact: tel:+1-201-555-0123\n', ['no_expire', 'no_encryption', 'not_signed']],
  ['two expiries', `${GOOD}Expires: 2026-09-01T00:00:00Z\n`, ['multi_expire', 'not_signed']],
  ['an expiry that is no date', GOOD.replace('2026-09-01T00:00:00Z', 'next year'), ['invalid_expiry', 'not_signed']],
  ['one that has expired', GOOD.replace('2026-09', '2026-02'), ['expired', 'not_signed']],
  ['one that is too long', GOOD.replace('2026-09', '2028-09'), ['long_expiry', 'not_signed']],
  ['a bare address', GOOD.replace('mailto:', ''), ['no_uri', 'not_signed']],
  ['http', GOOD.replace('https:', 'http:'), ['no_https', 'not_signed']],
  ['two lists of languages', `${GOOD}Preferred-Languages: en\nPreferred-Languages: de\n`, ['multi_lang', 'not_signed']],
  ['a wrong language', `${GOOD}Preferred-Languages: en, english please\n`, ['invalid_lang', 'not_signed']],
  ['white space before a field', ` ${GOOD}`, ['prec_ws', 'not_signed']],
  ['no space after the colon', GOOD.replace('Contact: ', 'Contact:'), ['no_space', 'not_signed']],
  ['a field without a name', `${GOOD}: x\n`, ['empty_key', 'not_signed']],
  ['a field without a value', `${GOOD}Policy:\n`, ['empty_value', 'not_signed']],
  ['a line that is nothing', `${GOOD}hello\n`, ['invalid_line', 'not_signed']],
  ['a last line without an end', GOOD.trimEnd(), ['no_line_separators', 'not_signed']],
  ['an unknown field', `${GOOD}X: y\n`, ['unknown_field', 'not_signed']],
  ['CSAF that names something else', `${GOOD}CSAF: https://example.org/csaf\n`, ['no_csaf_file', 'not_signed']],
  ['a byte order mark', Buffer.from(`\ufeff${GOOD}`), ['bom_in_file', 'not_signed']],
  ['no UTF-8', Buffer.concat([Buffer.from(GOOD), Buffer.from([0xff, 0x0a])]), ['utf8', 'invalid_line', 'not_signed']],
  [
    'text after a signature',
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${GOOD}-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\nContact: x\n`,
    ['data_after_sig', 'no_canonical'],
  ],
  [
    'half a signature',
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${GOOD}`,
    ['signed_format_issue', 'no_canonical'],
  ],
])('%s has the codes of the standard', (_title, text, expected) => expect(codes(text)).toEqual(expected));

test('Canonical has to name where it was found', () => {
  const url = 'https://example.org/.well-known/security.txt';
  expect(codes(`${GOOD}Canonical: ${url}\n`, url)).toEqual(['not_signed']);
  expect(codes(`${GOOD}Canonical: https://other.example/security.txt\n`, url)).toEqual([
    'no_canonical_match',
    'not_signed',
  ]);
});

test('what we write is what we accept; what we cannot write has a code', () => {
  const text = writeSecurityTxt({
    contact: ['https://report.example.org', 'mailto:s@example.org'],
    expiresMs: NOW + 86_400_000,
    preferredLanguages: ['en', 'de-CH'],
    bugBounty: false,
    encryption: ['openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f'],
  });
  expect(codes(text)).toEqual(['not_signed']);
  const refused = expect.objectContaining({ code: 'LP-SECURITY-TXT-INVALID' }) as Error;
  for (const contact of [
    [],
    ['s@example.org'],
    ['http://example.org'],
    ['mailto:a@b.c\nExpires: 2000-01-01T00:00:00Z'],
  ])
    expect(() => writeSecurityTxt({ contact, expiresMs: NOW })).toThrow(refused);
  expect(() =>
    writeSecurityTxt({ contact: ['mailto:a@b.c'], expiresMs: NOW, preferredLanguages: ['no language'] }),
  ).toThrow(refused);
});

test('no bytes make the check throw', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((text) => Buffer.from(GOOD + text)),
      ),
      (bytes) => void codes(bytes),
    ),
  ));

test('gpg signs it, and the signed one is accepted as signed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'leakproof-gpg-'));
  onTestFinished(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  await expect(signSecurityTxt(GOOD, { home })).rejects.toThrow(
    expect.objectContaining({ code: 'LP-SIGNING-FAILED' }) as Error,
  );
  execFileSync(
    'gpg',
    ['--homedir', home, '--batch', '--passphrase', '', '--quick-gen-key', 'desk@example.org', 'ed25519', 'sign'],
    { stdio: 'ignore' },
  );
  const signed = await signSecurityTxt(GOOD, { home });
  expect(codes(signed)).toEqual(['no_canonical']);
  execFileSync('gpg', ['--homedir', home, '--verify'], { input: signed, stdio: ['pipe', 'ignore', 'ignore'] });
});

describe('a host', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-tls-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  beforeAll(() => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        '-subj',
        '/CN=api.example.test',
        '-addext',
        'subjectAltName=DNS:api.example.test',
      ],
      { stdio: 'ignore' },
    );
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  type Answers = Record<string, { status?: number; type?: string; body?: string; location?: string }>;
  async function check(
    answers: Answers,
    options: { ca?: boolean; host?: string } = {},
  ): Promise<{ codes: string[]; urls: readonly string[] }> {
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      const {
        status = 200,
        type = 'text/plain; charset=utf-8',
        body = '',
        location,
      } = answers[request.url ?? ''] ?? { status: 404 };
      response
        .writeHead(status, {
          ...(type === '' ? {} : { 'content-type': type }),
          ...(location === undefined ? {} : { location }),
        })
        .end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const report = await checkHost(options.host ?? 'api.example.test', {
      nowMs: Date.now(),
      address,
      ...(options.ca === false ? {} : { ca: readFileSync(cert, 'utf8') }),
    });
    return { codes: report.issues.map(({ code }) => code), urls: report.urls };
  }
  const path = '/.well-known/security.txt';
  const text = (): string =>
    writeSecurityTxt({
      contact: ['mailto:a@example.org'],
      expiresMs: Date.now() + 86_400_000,
      canonical: [`https://api.example.test${path}`],
      encryption: ['https://example.org/key'],
    });

  test.each<[string, () => Answers, string[]]>([
    ['with a good one', () => ({ [path]: { body: text() } }), ['not_signed']],
    ['without one', () => ({}), ['no_security_txt']],
    [
      'with one at the top level only',
      () => ({ '/security.txt': { body: text() } }),
      ['location', 'no_canonical_match', 'not_signed'],
    ],
    ['that sends HTML', () => ({ [path]: { body: text(), type: 'text/html' } }), ['invalid_media', 'not_signed']],
    [
      'that sends no charset',
      () => ({ [path]: { body: text(), type: 'text/plain' } }),
      ['invalid_charset', 'not_signed'],
    ],
    ['that sends no type', () => ({ [path]: { body: text(), type: '' } }), ['no_content_type', 'not_signed']],
    [
      'that redirects to http',
      () => ({ [path]: { status: 302, location: 'http://api.example.test/x' } }),
      ['invalid_uri_scheme'],
    ],
    ['that redirects for ever', () => ({ [path]: { status: 302, location: path } }), ['no_security_txt']],
  ])('%s has these codes', async (_title, answers, expected) =>
    expect((await check(answers())).codes).toEqual(expected),
  );

  test('is not trusted with a certificate that nobody vouches for, or of another host', async () => {
    expect((await check({}, { ca: false })).codes).toEqual(['invalid_cert']);
    expect((await check({}, { host: 'other.example.test' })).codes).toEqual(['invalid_cert']);
  });

  test('that is down, is said to be; redirects are listed', async () => {
    const down = await checkHost('api.example.test', { nowMs: NOW, address: { address: '127.0.0.1', port: 1 } });
    expect(down.issues.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'no_security_txt It cannot be reached: ECONNREFUSED.',
    ]);
    const { urls } = await check({ [path]: { status: 301, location: '/other' }, '/other': { body: text() } });
    expect(urls).toEqual([`https://api.example.test${path}`, 'https://api.example.test/other']);
  });
});
