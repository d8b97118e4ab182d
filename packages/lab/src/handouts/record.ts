import { seededHash } from '../people/seeded-hash.ts';
import { hostOf } from '../surface/hosts.ts';
import type { Lab } from '../lab.ts';
import type { LabClient } from '../traffic/lab-client.ts';
import type { CastDirectory } from '../traffic/cast-directory.ts';
import type { RecordedExchange } from './exchange.ts';
import type { JourneyStep } from './journeys.ts';

/** Noon of the day the incident was reported. */
export const RECORDED_FROM_MS = Date.UTC(2021, 0, 20, 12);
const AGENTS = {
  web: 'CadenceWeb/3.1 (synthetic browser)',
  mobile: 'CadenceApp/2.4 (synthetic phone)',
  device: 'CadenceBike/1.9',
} as const;
/** Signatures differ between runs and are replaced: the tokens in the files are not valid. */
const SIGNATURE = /(eyJ[\w-]+\.eyJ[\w-]+)\.[\w-]+/g;
const maskSignatures = (text: string): string => text.replaceAll(SIGNATURE, '$1.c2lnbmF0dXJl');
/** Headers left out because they differ between runs. */
const OMITTED_HEADERS = new Set(['date', 'connection', 'keep-alive']);

export interface Recording {
  readonly lab: Lab;
  readonly client: LabClient;
  readonly directory: CastDirectory;
  readonly seed: number;
}

/** Sends the requests in order and returns them with their responses. Times are simulated: about one request per second. */
export async function recordSteps(
  { lab, client, directory, seed }: Recording,
  steps: readonly JourneyStep[],
): Promise<RecordedExchange[]> {
  const exchanges: RecordedExchange[] = [];
  let clockMs = RECORDED_FROM_MS;
  for (const [index, step] of steps.entries()) {
    const { region, protocol, channel, caller, probe } = step;
    clockMs += 200 + (seededHash(seed, index, 101) % 3000);
    const host = hostOf(region, protocol);
    const headers = {
      accept: 'application/json',
      'user-agent': AGENTS[channel],
      ...(channel === 'mobile' ? { platform: 'ios' } : {}),
      ...credentialsOf(lab, directory, step),
    };
    const response = await client.send(host, probe, headers);
    const kept = [...response.headers]
      .filter(([name]) => !OMITTED_HEADERS.has(name))
      .map(([name, value]) => [name, maskSignatures(value)]);
    exchanges.push({
      startedMs: clockMs,
      tookMs: 3 + (seededHash(seed, index, 102) % 60),
      region,
      protocol,
      channel,
      host,
      caller,
      method: probe.method,
      path: probe.path,
      clientAddress: addressOf(seed, caller),
      requestHeaders: { host, ...probe.headers, ...maskAll(headers) },
      requestBody: probe.body === undefined ? undefined : JSON.stringify(probe.body),
      status: response.status,
      responseHeaders: Object.fromEntries(kept) as Record<string, string>,
      responseBody: maskSignatures(
        typeof response.body === 'string' ? response.body : JSON.stringify(response.body ?? ''),
      ),
    });
  }
  return exchanges;
}

function credentialsOf(
  lab: Lab,
  directory: CastDirectory,
  { caller, channel }: JourneyStep,
): Readonly<Record<string, string>> {
  if (caller === undefined) return {};
  if (channel !== 'device') return directory.credentialsOf(caller);
  return { 'x-api-key': lab.identities.find(({ name }) => name === caller)?.apiKey ?? '' };
}

const maskAll = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, maskSignatures(value)]));

/** An address reserved for documentation (RFC 5737); all anonymous callers have the same. */
function addressOf(seed: number, caller: string | undefined): string {
  if (caller === undefined) return '203.0.113.66';
  const sum = Buffer.from(caller).reduce((total, byte) => total + byte, 0);
  return `198.51.100.${1 + (seededHash(seed, sum, 103) % 250)}`;
}
