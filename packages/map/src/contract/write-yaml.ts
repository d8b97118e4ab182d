/** A value for a contract: what JSON can say. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;

/** A scalar or key of YAML: bare where nothing else could be meant, else quoted as in JSON, in ASCII where it is not printable. */
export function scalar(text: string): string {
  if (/^[A-Za-z_][\w.-]*$/.test(text) && !RESERVED.test(text)) return text;
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value on one line (YAML flow style). */
export function flow(value: Plain): string {
  if (typeof value === 'string') return scalar(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  const entries = Object.entries(value);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, each]) => `${scalar(key)}: ${flow(each)}`).join(', ')} }`;
}

const isList = (value: object): value is readonly Plain[] => Array.isArray(value);

/** A comment: one line, without characters that would end it. */
export const comment = (text: string): string => `# ${text.replaceAll(/[^\x20-\x7e\u00a0-\ud7ff]+/g, ' ')}`;
