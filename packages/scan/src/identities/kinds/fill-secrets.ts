import type { ReadSecret } from '../read-secret.ts';

/** The value with secrets in the place of its references: objects with the single key env, file or exec. */
export async function fillSecrets(value: unknown, readSecret: ReadSecret): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => fillSecrets(item, readSecret)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, only] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (key === 'env' && typeof only === 'string') return readSecret({ env: only });
    if (key === 'file' && typeof only === 'string') return readSecret({ file: only });
    if (key === 'exec' && Array.isArray(only)) return readSecret({ exec: only.map(String) });
  }
  const filled = await Promise.all(entries.map(async ([name, each]) => [name, await fillSecrets(each, readSecret)]));
  return Object.fromEntries(filled) as unknown;
}
