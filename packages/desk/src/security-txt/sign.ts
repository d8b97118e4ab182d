import { execFile } from 'node:child_process';
import { LeakproofError } from '@leakproof/core';

/** Signs a security.txt in clear text with the local gpg. `key`: an id or address; default: gpg's own. Throws LP-SIGNING-FAILED. */
export async function signSecurityTxt(
  text: string,
  { key, home }: { readonly key?: string | undefined; readonly home?: string | undefined } = {},
): Promise<string> {
  const args = ['--batch', '--yes', '--clearsign', '--armor', ...(key === undefined ? [] : ['--local-user', key])];
  return new Promise((resolve, reject) => {
    const gpg = execFile(
      'gpg',
      args,
      { env: { ...process.env, ...(home === undefined ? {} : { GNUPGHOME: home }) }, timeout: 60_000 },
      (cause, stdout, stderr) => {
        if (cause)
          reject(
            new LeakproofError('LP-SIGNING-FAILED', `gpg did not sign: ${stderr.trim().split('\n').at(-1) ?? ''}`, {
              cause,
            }),
          );
        else resolve(stdout);
      },
    );
    gpg.stdin?.on('error', () => undefined);
    gpg.stdin?.end(text);
  });
}
