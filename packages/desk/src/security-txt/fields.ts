import { type EpochMs, LeakproofError } from '@leakproof/core';

/** The fields of a security.txt (RFC 9116, and the IANA registry's CSAF and Bug-Bounty). */
export interface SecurityTxt {
  /** URIs, the preferred first. */
  readonly contact: readonly string[];
  readonly expiresMs: EpochMs;
  readonly canonical?: readonly string[] | undefined;
  readonly encryption?: readonly string[] | undefined;
  readonly acknowledgments?: readonly string[] | undefined;
  readonly policy?: readonly string[] | undefined;
  readonly hiring?: readonly string[] | undefined;
  readonly preferredLanguages?: readonly string[] | undefined;
  readonly csaf?: readonly string[] | undefined;
  readonly bugBounty?: boolean | undefined;
}

/** Writes a security.txt with LF. Throws LP-SECURITY-TXT-INVALID, with the field. */
export function writeSecurityTxt(txt: SecurityTxt): string {
  if (txt.contact.length === 0) throw invalid('Contact: at least one is required.');
  const lines: string[] = [];
  const add = (name: string, values: readonly string[] | undefined): void => {
    for (const value of values ?? []) lines.push(`${name}: ${uri(name, value)}`);
  };
  add('Contact', txt.contact);
  lines.push(`Expires: ${new Date(txt.expiresMs).toISOString().replace('.000', '')}`);
  add('Canonical', txt.canonical);
  add('Encryption', txt.encryption);
  add('Acknowledgments', txt.acknowledgments);
  add('Policy', txt.policy);
  add('Hiring', txt.hiring);
  add('CSAF', txt.csaf);
  const languages = txt.preferredLanguages ?? [];
  const wrong = languages.find((tag) => !isLanguageTag(tag));
  if (wrong !== undefined) throw invalid(`Preferred-Languages: ${wrong} is no language tag (RFC 5646).`);
  if (languages.length > 0) lines.push(`Preferred-Languages: ${languages.join(', ')}`);
  if (txt.bugBounty !== undefined) lines.push(`Bug-Bounty: ${txt.bugBounty ? 'True' : 'False'}`);
  return `${lines.join('\n')}\n`;
}

/** Rough: letters of a language, then subtags. */
export function isLanguageTag(tag: string): boolean {
  return /^(?:[a-z]{2,8}|\*)(?:-[a-z0-9]{1,8}){0,6}$/i.test(tag);
}

const SCHEMES = /^(?:https:\/\/[^\s]+|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d().-]+|dns:[^\s]+|openpgp4fpr:[0-9a-f]+)$/i;

function uri(name: string, value: string): string {
  if (!SCHEMES.test(value) || value.length > 2048)
    throw invalid(
      `${name}: ${JSON.stringify(value.slice(0, 100))} is no URI; web addresses need https, mail addresses mailto:.`,
    );
  return value;
}

const invalid = (detail: string): LeakproofError => new LeakproofError('LP-SECURITY-TXT-INVALID', detail);
