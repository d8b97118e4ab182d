/** An origin whose `/users?page=N` is a chunked list of about N bytes of small objects, generated while it is sent. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pagesOf, SIZES } from './people.ts';

/** The elements of each page. */
const parts = pagesOf(SIZES.at(-1) ?? { name: '', objects: 1 }).map((body) =>
  Buffer.from(body.slice(body.indexOf('[') + 1, body.lastIndexOf(']'))),
);

const server = createServer((message, response) => {
  response.setHeader('content-type', 'application/json');
  void sendList(response, Number(/page=(\d+)/.exec(message.url ?? '')?.[1]));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit());

async function sendList(response: ServerResponse, bytes: number): Promise<void> {
  response.write('{"data":[');
  for (let sent = 0, count = 0; sent < bytes && !response.destroyed; count++) {
    const part = parts[count % parts.length] ?? Buffer.alloc(0);
    response.write(count > 0 ? ',' : '');
    const goesOn = response.write(part);
    sent += part.length + 1;
    if (!goesOn) await untilDrained(response);
  }
  response.end(']}');
}

function untilDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
