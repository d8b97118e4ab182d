import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '@leakproof/core';
import type { DeskConfig } from '../config/config.ts';
import { writeSecurityTxt } from '../security-txt/fields.ts';

const DAY_MS = 86_400_000;

/** The security.txt of one exact host of the configuration; undefined for every other host. Throws LP-SECURITY-TXT-INVALID. */
export function securityTxtFor(
  config: DeskConfig,
  host: string,
  { nowMs, reporterUrl }: { readonly nowMs: EpochMs; readonly reporterUrl: string },
): string | undefined {
  const { securityTxt } = config;
  if (!securityTxt?.hosts.includes(host)) return undefined;
  if (securityTxt.directory !== undefined) {
    try {
      return readFileSync(join(securityTxt.directory, `${host}.txt`), 'utf8');
    } catch {
      // Not signed yet: the unsigned one is better than none.
    }
  }
  const web = reporterUrl.startsWith('https:') ? [reporterUrl] : [];
  return writeSecurityTxt({
    contact: [...web, ...securityTxt.contact],
    expiresMs: Math.floor(nowMs / DAY_MS) * DAY_MS + securityTxt.expiresDays * DAY_MS,
    canonical: [`https://${host}/.well-known/security.txt`],
    encryption: securityTxt.encryption,
    policy: web.map((url) => `${url}/policy`),
    preferredLanguages: securityTxt.languages,
  });
}
