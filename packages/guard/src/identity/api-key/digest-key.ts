import { createHmac, type KeyObject } from 'node:crypto';

/** The digest of an API key, as contracts name it: `printf %s KEY | openssl dgst -sha256 -hmac SECRET` gives its hexadecimal form. */
export function digestKey(key: string, secret: KeyObject): Buffer {
  return createHmac('sha256', secret).update(key).digest();
}
