import { isOverrideHeader } from '../../wire/override-names.ts';

/** Of a header that is sent on or released: a token of RFC 9110 §5.6.2 in lower case, without "_", which some servers read as "-". */
export const HEADER_NAME = /^[a-z0-9!#$%&'*+.^`|~-]+$/;
/** Headers that a proxy sets or removes itself, whatever a client sends. */
const OF_THE_PROXY =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|via|forwarded|content-length|content-encoding|accept-encoding|range|if-range|http2-settings|(?:proxy|x-forwarded)-.*)$/;

/** Why no request header of this name, in lower case, is ever sent on to the origin; undefined if it can be. */
export function whyNotSentOn(name: string): 'no-name' | 'override' | 'of-the-proxy' | undefined {
  if (!HEADER_NAME.test(name)) return 'no-name';
  if (isOverrideHeader(name)) return 'override';
  return OF_THE_PROXY.test(name) ? 'of-the-proxy' : undefined;
}
