import { bytesOf, readBytes } from '@leakproof/sources';
import type { Exchange } from '@leakproof/core';
import { readAnswers } from '@leakproof/map';
import { planProve, type ProvePlan } from '../prove/prove-plan.ts';
import { prove, type ProveOptions, type Proven } from '../prove/prove.ts';

export async function curlExchanges(text: string, identity = 'alice'): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const batch of readBytes(bytesOf('curl', text), { identity }))
    for (const each of batch) if (each.type === 'exchange') exchanges.push(each.exchange);
  return exchanges;
}

export interface SmallProve {
  readonly origin: string;
  /** Targets that alice copied. */
  readonly targets: readonly string[];
  readonly others?: readonly string[];
  readonly answers?: string;
  readonly reads?: readonly string[];
}

/** A plan from requests that alice copied, with a bearer token `token-of-NAME` for everybody. */
export async function planSmall({
  origin,
  targets,
  others = ['bob'],
  answers = '',
  reads = [],
}: SmallProve): Promise<ProvePlan> {
  const text = targets.map((each) => `curl '${origin}${each}' -H 'Authorization: Bearer token-of-alice'`).join('\n');
  return planProve({
    exchanges: await curlExchanges(text),
    declared: [],
    identities: ['alice', ...others].map((name) => ({
      name,
      credential: { token: { from: { env: name }, send: 'bearer' as const } },
    })),
    answers: readAnswers(answers),
    reads,
  });
}

export async function proveSmall(small: SmallProve, options: Partial<ProveOptions> = {}): Promise<Proven> {
  return prove(await planSmall(small), {
    readSecret: (source) => Promise.resolve(`token-of-${'env' in source ? source.env : ''}`),
    timeoutMs: 300,
    ...options,
  });
}
