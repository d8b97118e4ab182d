import { scramble } from '../people/scramble.ts';
import { hostOf } from '../surface/hosts.ts';
import type { Lab } from '../lab.ts';
import type { Visitor } from '../traffic/visitor.ts';
import type { World } from '../traffic/world.ts';
import type { RecordedExchange } from './exchange.ts';
import type { Step } from './journeys.ts';

/** Noon of the day the incident was reported. */
export const RECORDED_FROM_MS = Date.UTC(2021, 0, 20, 12);
const AGENTS = {
  web: 'CadenceWeb/3.1 (synthetic browser)',
  mobile: 'CadenceApp/2.4 (synthetic phone)',
  device: 'CadenceBike/1.9',
} as const;
/** Two runs sign differently, so no signature is kept: what is handed out opens nothing. */
const SIGNATURE = /(eyJ[\w-]+\.eyJ[\w-]+)\.[\w-]+/g;
const blot = (text: string): string => text.replaceAll(SIGNATURE, '$1.c2lnbmF0dXJl');
/** What differs from run to run and says nothing. */
const UNKEPT = new Set(['date', 'connection', 'keep-alive']);

export interface Recording {
  readonly lab: Lab;
  readonly visitor: Visitor;
  readonly world: World;
  readonly seed: number;
}

/** Makes the requests in order and keeps them as they went. Its clock is its own: a step every second or so. */
export async function record(
  { lab, visitor, world, seed }: Recording,
  steps: readonly Step[],
): Promise<RecordedExchange[]> {
  const exchanges: RecordedExchange[] = [];
  let clockMs = RECORDED_FROM_MS;
  for (const [place, step] of steps.entries()) {
    const { region, protocol, channel, caller, probe } = step;
    clockMs += 200 + (scramble(seed, place, 101) % 3000);
    const host = hostOf(region, protocol);
    const headers = {
      accept: 'application/json',
      'user-agent': AGENTS[channel],
      ...(channel === 'mobile' ? { platform: 'ios' } : {}),
      ...credentialsOf(lab, world, step),
    };
    const got = await visitor.ask(host, probe, headers);
    const kept = [...got.headers].filter(([name]) => !UNKEPT.has(name)).map(([name, value]) => [name, blot(value)]);
    exchanges.push({
      startedMs: clockMs,
      tookMs: 3 + (scramble(seed, place, 102) % 60),
      region,
      protocol,
      channel,
      host,
      caller,
      method: probe.method,
      path: probe.path,
      clientAddress: addressOf(seed, caller),
      requestHeaders: { host, ...probe.headers, ...blotAll(headers) },
      requestBody: probe.body === undefined ? undefined : JSON.stringify(probe.body),
      status: got.status,
      responseHeaders: Object.fromEntries(kept) as Record<string, string>,
      responseBody: blot(typeof got.body === 'string' ? got.body : JSON.stringify(got.body ?? '')),
    });
  }
  return exchanges;
}

function credentialsOf(lab: Lab, world: World, { caller, channel }: Step): Readonly<Record<string, string>> {
  if (caller === undefined) return {};
  if (channel !== 'device') return world.credentialsOf(caller);
  return { 'x-api-key': lab.identities.find(({ name }) => name === caller)?.apiKey ?? '' };
}

const blotAll = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, blot(value)]));

/** An address of those kept for documentation (RFC 5737); the nameless share one. */
function addressOf(seed: number, caller: string | undefined): string {
  if (caller === undefined) return '203.0.113.66';
  const sum = Buffer.from(caller).reduce((total, byte) => total + byte, 0);
  return `198.51.100.${1 + (scramble(seed, sum, 103) % 250)}`;
}
