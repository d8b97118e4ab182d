import { get } from 'node:http';
import { FOR_FOLLOWERS, FOR_NOBODY, follows, pagesOf, type Size } from './people.ts';
import { OURS, type BenchSetup } from './bench-setup.ts';

/** Throws unless every proxy returns what it should: a proxy that does other work must not be measured. */
export async function checkAnswers({ proxies, requests }: BenchSetup, size: Size): Promise<void> {
  const [whole = ''] = pagesOf(size);
  const token = /Bearer (\S+)/.exec(requests[0]?.toString() ?? '')?.[1] ?? '';
  const cut = JSON.stringify({
    data: (JSON.parse(whole) as { data: Record<string, unknown>[] }).data.map((person) => {
      const hidden: readonly string[] = follows('1', String(person['id']))
        ? FOR_NOBODY
        : [...FOR_NOBODY, ...FOR_FOLLOWERS];
      return Object.fromEntries(Object.entries(person).filter(([field]) => !hidden.includes(field)));
    }),
  });
  for (const [name, { port }] of proxies) {
    const { status, text } = await getFirstPage(port, token);
    const filters = name === OURS || name === 'parse, filter, stringify';
    if (text !== (filters ? cut : whole)) throw new Error(`${name} answers ${status} ${text.slice(0, 200)}`);
  }
}

function getFirstPage(port: number, token: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { host: 'api.test', authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/users?page=0', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    }).on('error', reject);
  });
}
