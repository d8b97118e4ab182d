const MASK = '[credential-removed]';

/** Credentials as people paste them: headers of curl, URLs, JWTs. Every pattern is bounded. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token)(["']?\s{0,4}[:=]\s{0,4})[^\r\n"']{1,4096}/gi,
    `$1$2${MASK}`,
  ],
  [/\beyJ[\w-]{5,4096}\.[\w-]{5,4096}\.[\w-]{0,4096}/g, MASK],
  [/\b(bearer|basic)\s{1,4}[\w.~+/=-]{8,4096}/gi, `$1 ${MASK}`],
  [/([?&](?:access_token|auth_token|api_key|apikey|token|password)=)[^&\s"']{1,4096}/gi, `$1${MASK}`],
  [/("(?:password|access_token|refresh_token|secret|api_key)"\s{0,4}:\s{0,4}")[^"]{1,4096}/gi, `$1${MASK}`],
  [/(\s(?:-u|--user)\s{1,4})\S{1,512}/g, `$1${MASK}`],
];

/** A text without the credentials that it obviously contains. Personal data that a reporter writes in words stays. */
export function redactText(text: string): string {
  return PATTERNS.reduce((before, [pattern, replacement]) => before.replace(pattern, replacement), text);
}
