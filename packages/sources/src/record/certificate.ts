import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, context, integer, octets, oid, sequence, set, time, utf8, type Der } from './der.ts';

/** A certificate with its private key, both PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const DAY_MS = 86_400_000;

/** A new authority: P-256, valid for `days`, for server certificates only, without subordinate authorities. */
export function makeAuthority(name: string, now: number, days: number): CertifiedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = [
    extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.of(0)))),
    extension('2.5.29.15', true, bits(Buffer.of(0b0000_0110), 1)),
    extension('2.5.29.14', false, octets(keyId(spki))),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
  ];
  const body = { subject: name, issuer: name, spki, extensions, from: now - DAY_MS, until: now + days * DAY_MS };
  return { certificate: certificateOf(body, privateKey), key: pemOf(privateKey) };
}

/** A server certificate for one host name or address, valid for seven days. */
export function certify(host: string, authority: CertifiedKey & { readonly name: string }, now: number): CertifiedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signer = createPrivateKey(authority.key);
  const extensions = [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.of(0b1000_0000), 7)),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(alternativeName(host))),
    extension('2.5.29.14', false, octets(keyId(spki))),
    extension('2.5.29.35', false, sequence(context(0, keyId(spkiOf(signer)), false))),
  ];
  const body = {
    subject: 'Leakproof recorder',
    issuer: authority.name,
    spki,
    extensions,
    from: now - DAY_MS,
    until: now + 7 * DAY_MS,
  };
  return { certificate: certificateOf(body, signer), key: pemOf(privateKey) };
}

interface CertificateBody {
  readonly subject: string;
  readonly issuer: string;
  readonly spki: Uint8Array;
  readonly extensions: readonly Der[];
  readonly from: number;
  readonly until: number;
}

/** RFC 5280 §4.1, version 3. */
function certificateOf({ subject, issuer, spki, extensions, from, until }: CertificateBody, signer: KeyObject): string {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = sequence(
    context(0, integer(Buffer.of(2)), true),
    integer(serial),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(time(from), time(until)),
    nameOf(subject),
    Buffer.from(spki),
    context(3, sequence(...extensions), true),
  );
  const signature = sign('sha256', toBeSigned, { key: signer, dsaEncoding: 'der' });
  const der = sequence(toBeSigned, ECDSA_SHA256, bits(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function nameOf(commonName: string): Der {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
}

function extension(id: string, critical: boolean, value: Der): Der {
  return critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));
}

/** RFC 5280 §4.2.1.6: dNSName or iPAddress (version 4). */
function alternativeName(host: string): Der {
  return isIP(host) === 4
    ? context(7, Buffer.from(host.split('.').map(Number)), false)
    : context(2, Buffer.from(host, 'latin1'), false);
}

function spkiOf(signer: KeyObject): Buffer {
  return createPublicKey(signer).export({ type: 'spki', format: 'der' });
}

function keyId(spki: Uint8Array): Buffer {
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
