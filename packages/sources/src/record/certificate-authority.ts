import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { LeakproofError } from '@leakproof/core';
import { certify, makeAuthority, type CertifiedKey } from './certificate.ts';

/** The certificate authority of a recorder, for one machine only. */
export interface Authority {
  /** PEM; the certificate that a browser or phone must trust. */
  readonly certificate: string;
  readonly certificateFile: string;
  /** True if it was created by this call, so that nobody trusts it yet. */
  readonly isNew: boolean;
  /** A TLS context for a host; cached. */
  contextFor(host: string): SecureContext;
}

const NAME = 'Leakproof recorder (this machine only)';
const VALID_DAYS = 90;

const EXPLANATION = `This folder contains a certificate authority that leakproof record created on this machine, for this machine only.

While a browser or phone trusts authority.pem, anyone who has authority-key.pem can read its HTTPS traffic.
So: trust it only in a browser profile or phone kept for testing, never share the key, and remove both when done.

Trust it     Firefox   Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import authority.pem
             Chrome    run with a profile of its own: --user-data-dir=DIR, then Settings > Security > Manage certificates
             Android   open http://leakproof.invalid/authority.pem through the proxy; Settings > Security > Install a certificate
             iOS       open the same address; Settings > General > VPN & Device Management, then About > Certificate Trust Settings
             curl      curl --cacert authority.pem --proxy http://127.0.0.1:PORT https://...
Remove it    delete "${NAME}" in the same place, then delete this folder.
It expires by itself ${VALID_DAYS} days after it was made.
`;

/**
 * The authority in `folder`, created at first use. The key file has mode 0600; one that others may read is rejected. Throws
 * LP-RECORD-OPTIONS.
 */
export function openAuthority(folder: string, now: number = Date.now()): Authority {
  const certificateFile = join(folder, 'authority.pem');
  const known = load(folder, now);
  const authority = known ?? create(folder, now);
  const contexts = new Map<string, SecureContext>();
  return {
    certificate: authority.certificate,
    certificateFile,
    isNew: known === undefined,
    contextFor: (host) => {
      const ready = contexts.get(host);
      if (ready) return ready;
      const { certificate, key } = certify(host, { ...authority, name: NAME }, now);
      const made = createSecureContext({ cert: certificate + authority.certificate, key });
      contexts.set(host, made);
      return made;
    },
  };
}

function load(folder: string, now: number): CertifiedKey | undefined {
  const keyFile = join(folder, 'authority-key.pem');
  let mode: number;
  try {
    ({ mode } = statSync(keyFile));
  } catch {
    return undefined;
  }
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'the key of the certificate authority is readable by other users', {
      where: { file: keyFile },
      fix: 'Delete the folder and remove the trust in its certificate; a new one is then created.',
    });
  }
  try {
    const certificate = readFileSync(join(folder, 'authority.pem'), 'utf8');
    const key = readFileSync(keyFile, 'utf8');
    createPrivateKey(key);
    return new X509Certificate(certificate).validToDate.getTime() > now + 86_400_000 ? { certificate, key } : undefined;
  } catch (cause) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'the certificate authority cannot be read', {
      cause,
      where: { file: folder },
    });
  }
}

function create(folder: string, now: number): CertifiedKey {
  const made = makeAuthority(NAME, now, VALID_DAYS);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'authority-key.pem'), made.key, { mode: 0o600 });
    writeFileSync(join(folder, 'authority.pem'), made.certificate);
    writeFileSync(join(folder, 'README.txt'), EXPLANATION);
  } catch (cause) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'the certificate authority cannot be written', {
      cause,
      where: { file: folder },
    });
  }
  return made;
}
