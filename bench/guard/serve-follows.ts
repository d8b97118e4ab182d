/** Answers the lookups of the guard; serves the pages too if there is no nginx. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { follows, pagesOf, type Size } from './people.ts';

const { size } = JSON.parse(process.argv[2] ?? '') as { size?: Size };
const pages = size === undefined ? [] : pagesOf(size).map((body) => Buffer.from(body));

const server = createServer((message, response) => {
  response.setHeader('content-type', 'application/json');
  if (message.method === 'GET') {
    const body = pages[Number(/page=(\d+)/.exec(message.url ?? '')?.[1])] ?? Buffer.from('{}');
    response.setHeader('content-length', body.length);
    response.end(body);
    return;
  }
  let text = '';
  message.on('data', (chunk: Buffer) => (text += chunk.toString()));
  message.on('end', () => {
    const { principal, owners } = JSON.parse(text) as { principal: { id: string }; owners: readonly string[] };
    const answers = Object.fromEntries(owners.map((owner) => [owner, follows(principal.id, owner)]));
    response.end(JSON.stringify({ answers }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit());
