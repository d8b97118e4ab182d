import type { EpochMs } from '@leakproof/core';
import { isLanguageTag } from './fields.ts';

/** Codes of the de-facto validator of the Dutch Digital Trust Center. */
export type SecurityTxtCode =
  | 'no_security_txt'
  | 'location'
  | 'invalid_uri_scheme'
  | 'invalid_cert'
  | 'no_content_type'
  | 'invalid_media'
  | 'invalid_charset'
  | 'utf8'
  | 'bom_in_file'
  | 'no_expire'
  | 'multi_expire'
  | 'invalid_expiry'
  | 'expired'
  | 'no_contact'
  | 'no_canonical_match'
  | 'multi_lang'
  | 'invalid_lang'
  | 'no_uri'
  | 'no_https'
  | 'prec_ws'
  | 'no_space'
  | 'empty_key'
  | 'empty_value'
  | 'invalid_line'
  | 'no_line_separators'
  | 'signed_format_issue'
  | 'data_after_sig'
  | 'no_csaf_file'
  | 'long_expiry'
  | 'no_encryption'
  | 'not_signed'
  | 'no_canonical'
  | 'unknown_field';

export interface SecurityTxtIssue {
  readonly code: SecurityTxtCode;
  readonly level: 'error' | 'recommendation' | 'notice';
  readonly message: string;
  /** From 1. */
  readonly line?: number | undefined;
}

const YEAR_MS = 366 * 86_400_000;
const MAX_BYTES = 32_768;
const URI_FIELDS = new Set(['acknowledgments', 'canonical', 'contact', 'encryption', 'hiring', 'policy', 'csaf']);
const OTHER_FIELDS = new Set(['expires', 'preferred-languages', 'bug-bounty']);
const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';

interface Line {
  readonly text: string;
  readonly number: number;
}

/** What is wrong with the content of a security.txt. `url`: where it was found. A signature's form is checked, not the signature. */
export function checkSecurityTxt(
  bytes: Uint8Array,
  { nowMs, url }: { readonly nowMs: EpochMs; readonly url?: string | undefined },
): readonly SecurityTxtIssue[] {
  const issues: SecurityTxtIssue[] = [];
  const add = (code: SecurityTxtCode, message: string, line?: number): void => {
    issues.push({ code, message, level: levelOf(code), ...(line === undefined ? {} : { line }) });
  };
  const text = decode(bytes.subarray(0, MAX_BYTES), add);
  if (bytes.length > MAX_BYTES) add('invalid_line', `It is larger than ${MAX_BYTES} bytes (RFC 9116, section 5.6).`);
  if (!/\r?\n$/.test(text)) add('no_line_separators', 'Every line ends with CRLF or LF, the last one too.');
  const fields = fieldsIn(unsigned(text, add), add);
  checkContact(fields, add);
  checkExpires(fields, { add, nowMs });
  checkLanguages(fields, add);
  checkCanonical(fields, { add, url, isSigned: text.startsWith(BEGIN) });
  if (!fields.some(({ name }) => name === 'encryption'))
    add('no_encryption', 'A key for encrypted mail is recommended.');
  if (!text.startsWith(BEGIN)) add('not_signed', 'A signature (OpenPGP cleartext) is recommended.');
  return issues;
}

type Add = (code: SecurityTxtCode, message: string, line?: number) => void;
interface Field {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

function decode(bytes: Uint8Array, add: Add): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    add('bom_in_file', 'It begins with a byte order mark.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    add('utf8', 'It is not UTF-8.');
    return new TextDecoder().decode(bytes);
  }
}

/** The lines between the marks of a cleartext signature, or all lines. */
function unsigned(text: string, add: Add): readonly Line[] {
  const lines = text.split(/\r?\n/).map((each, at) => ({ text: each, number: at + 1 }));
  if (!text.startsWith(BEGIN)) return lines;
  const start = lines.findIndex((each) => each.text === '');
  const signature = lines.findIndex((each) => each.text === SIGNATURE);
  const end = lines.findIndex((each) => each.text === END);
  if (start < 0 || signature < start || end < signature)
    add('signed_format_issue', 'The cleartext signature is not complete.');
  if (end >= 0 && lines.slice(end + 1).some((each) => each.text.trim() !== ''))
    add('data_after_sig', 'There is text after the signature.');
  return lines
    .slice(start + 1, signature < 0 ? undefined : signature)
    .map((each) => ({ ...each, text: each.text.replace(/^- /, '') }));
}

function fieldsIn(lines: readonly Line[], add: Add): readonly Field[] {
  const fields: Field[] = [];
  for (const { text, number } of lines) {
    if (text.trim() === '' || text.startsWith('#')) continue;
    const colon = text.indexOf(':');
    if (colon < 0) {
      add('invalid_line', 'It is neither a field, a comment nor empty.', number);
      continue;
    }
    const key = text.slice(0, colon);
    const value = text.slice(colon + 1);
    const name = key.trim().toLowerCase();
    if (name === '') add('empty_key', 'A field has no name.', number);
    else if (key !== key.trim()) add('prec_ws', 'There is white space around a field name.', number);
    if (value.trim() === '') add('empty_value', `${key} has no value.`, number);
    else if (!value.startsWith(' ')) add('no_space', `A space follows the colon of ${key}.`, number);
    if (name !== '' && !URI_FIELDS.has(name) && !OTHER_FIELDS.has(name))
      add('unknown_field', `${key} is no registered field.`, number);
    if (URI_FIELDS.has(name) && value.trim() !== '') checkUri({ name, value: value.trim(), line: number }, add);
    fields.push({ name, value: value.trim(), line: number });
  }
  return fields;
}

function checkUri({ name, value, line }: Field, add: Add): void {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(value)) add('no_uri', `${name} needs a URI: a mail address needs mailto:.`, line);
  else if (/^http:/i.test(value)) add('no_https', `${name} needs https.`, line);
  if (value.length > 2048) add('invalid_line', `${name} is longer than 2,048 characters.`, line);
  if (name === 'csaf' && /^https:/i.test(value) && !value.endsWith('/provider-metadata.json'))
    add('no_csaf_file', 'CSAF names a provider-metadata.json.', line);
}

function checkContact(fields: readonly Field[], add: Add): void {
  if (!fields.some(({ name }) => name === 'contact')) add('no_contact', 'Contact is required.');
}

function checkExpires(fields: readonly Field[], { add, nowMs }: { readonly add: Add; readonly nowMs: EpochMs }): void {
  const [expires, more] = fields.filter(({ name }) => name === 'expires');
  if (!expires) return add('no_expire', 'Expires is required.');
  if (more) add('multi_expire', 'Expires is allowed once.', more.line);
  const isFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(expires.value);
  const ms = Date.parse(expires.value);
  if (!isFormed || Number.isNaN(ms))
    return add('invalid_expiry', 'Expires is no date and time of RFC 3339.', expires.line);
  if (ms <= nowMs) add('expired', 'It has expired.', expires.line);
  else if (ms > nowMs + YEAR_MS) add('long_expiry', 'Less than a year ahead is recommended.', expires.line);
}

function checkLanguages(fields: readonly Field[], add: Add): void {
  const [languages, more] = fields.filter(({ name }) => name === 'preferred-languages');
  if (more) add('multi_lang', 'Preferred-Languages is allowed once.', more.line);
  const wrong = languages?.value.split(',').find((tag) => !isLanguageTag(tag.trim()));
  if (wrong !== undefined)
    add('invalid_lang', 'Preferred-Languages has something that is no language tag.', languages?.line);
}

function checkCanonical(
  fields: readonly Field[],
  { add, url, isSigned }: { readonly add: Add; readonly url: string | undefined; readonly isSigned: boolean },
): void {
  const canonical = fields.filter(({ name }) => name === 'canonical');
  if (canonical.length === 0) {
    if (isSigned || url !== undefined) add('no_canonical', 'Canonical is recommended, above all with a signature.');
  } else if (url !== undefined && !canonical.some(({ value }) => value === url))
    add('no_canonical_match', `Canonical does not name ${url}.`, canonical[0]?.line);
}

function levelOf(code: SecurityTxtCode): SecurityTxtIssue['level'] {
  if (code === 'unknown_field') return 'notice';
  return ['long_expiry', 'no_encryption', 'not_signed', 'no_canonical'].includes(code) ? 'recommendation' : 'error';
}
