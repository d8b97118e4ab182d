import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PeopleOrigin {
  readonly port: number;
  close(): Promise<void>;
}

/** A page of people: `count` ids beginning with `from`. */
export interface Page {
  readonly from: number;
  readonly count: number;
  /** Bytes added to each object. */
  readonly pad?: number;
}

export function targetOf({ from, count, pad = 0 }: Page): string {
  return `/users?from=${from}&count=${count}&pad=${pad}`;
}

/** Each person is followed by every third other one. */
export function follows(viewer: string, owner: string): boolean {
  return (Number(viewer) + Number(owner)) % 3 === 0;
}

/** Sends all fields to everybody; every value, and a key that nobody declared, contains the id of its owner. Also answers the guard's lookups. */
export async function startPeopleOrigin(): Promise<PeopleOrigin> {
  const server = createServer((message, response) => {
    response.setHeader('content-type', 'application/json');
    const url = new URL(message.url ?? '', 'http://api.test');
    const of = (name: string): number => Number(url.searchParams.get(name));
    if (url.pathname !== '/follows') {
      response.end(page({ from: of('from'), count: of('count'), pad: of('pad') }));
      return;
    }
    void readText(message).then((text) => response.end(lookupAnswers(text)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function page({ from, count, pad = 0 }: Page): string {
  const filler = 'x'.repeat(pad);
  const people = Array.from({ length: count }, (_, index) => {
    const id = String(from + index);
    return `{"id":"${id}","key-of-${id}":1,"email":"email-of-${id}","password":"password-of-${id}","city":"city-of-${id} ${filler}"}`;
  });
  return `{"data":[${people.join(',')}]}`;
}

function lookupAnswers(question: string): string {
  const { principal, owners } = JSON.parse(question) as { principal: { id: string }; owners: readonly string[] };
  return JSON.stringify({ answers: Object.fromEntries(owners.map((owner) => [owner, follows(principal.id, owner)])) });
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
