/** `v1`, `v1beta2`, `v1p3beta1`. */
const VERSION = /^v\d{1,4}(?:(?:p|m|rc|pre|alpha|beta|dev|preview)\d{0,3})*$/i;
/** `md5`, `oauth2`, `iaga2002`; `2fa`, `3ds`; `s3fs`, `k8s`, `a11y`. */
const NUMBERED = [/^[A-Za-z]{1,7}\d{1,4}$/, /^\d[A-Za-z]{1,3}$/, /^[A-Za-z]\d{1,2}[A-Za-z]{1,2}$/] as const;

/**
 * True for words joined by `_`, `-` or capitals, of which one may have a number: `check_by_user_id`, `order_details_v2`,
 * `list-2fa-methods`. False where a part looks random. O(length).
 */
export function readsAsWords(text: string): boolean {
  const parts = text.split(/[_-]+/).filter((part) => part !== '' && !VERSION.test(part));
  const numbered = parts.filter((part) => /\d/.test(part));
  if (parts.length <= 1) return numbered.length === 0 ? parts.every(isWord) : parts.every(isNumberedCamelCase);
  if (numbered.length === 0) return parts.every(isWord);
  const [part = '', ...more] = numbered;
  const isReadable = /^\d{1,4}$/.test(part) || NUMBERED.some((form) => form.test(part)) || isNumberedCamelCase(part);
  return more.length === 0 && isReadable && parts.every((each) => each === part || (isWord(each) && isSpoken(each)));
}

/** True for a version, and for words joined by capitals with a number: `v1beta`, `searchAds360`. */
export function isNumberedWord(part: string): boolean {
  return VERSION.test(part) || (/\d/.test(part) && isNumberedCamelCase(part));
}

/** Letters of one case, or words of at least two letters joined by capitals. */
function isWord(part: string): boolean {
  return /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+|[A-Z]{2,4}(?![A-Za-z]))*)$/.test(part);
}

/** True unless it has no vowel, or more consonants in a row than words have. */
function isSpoken(letters: string): boolean {
  return letters.length < 4 || (/[aeiouy]/i.test(letters) && !/[^aeiouy]{5}/i.test(letters));
}

/** True if more than half of the letters are in words of four or more: `b2xUserFlows`, `hl7V2Stores`. */
function isNumberedCamelCase(part: string): boolean {
  if (!/[a-z]/.test(part) || !/[A-Z]/.test(part)) return false;
  const words = part.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  const long = words.filter((word) => /^(?!.*[^aeiouy]{4}).{4}/i.test(word) && isSpoken(word)).join('').length;
  const numbers = part.match(/\d+/g)?.length ?? 0;
  return long * 2 > words.join('').length && numbers <= 2;
}
