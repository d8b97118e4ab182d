import type { Exchange } from '@leakproof/core';
import { buildInventory, type DeclaredOperation } from '@leakproof/sources';
import { draft } from '../draft/draft.ts';
import type { Draft } from '../draft/draft-types.ts';
import type { Evidence } from '../evidence/evidence.ts';

export interface Call {
  readonly by?: string;
  readonly method?: string;
  readonly target: string;
  readonly status?: number;
  readonly sent?: unknown;
  readonly body?: unknown;
  /** Exact text of the answer, in the place of `body`. */
  readonly text?: string;
  readonly time?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly host?: string;
}

/** An exchange of a test; `by` is absent for an anonymous caller. */
export function exchangeOf({
  by,
  method = 'GET',
  target,
  status = 200,
  sent,
  body,
  text,
  time = 0,
  claims,
  host = 'api.example',
}: Call): Exchange {
  const bytes = (value: unknown): Uint8Array | undefined =>
    value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value));
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = claims && `Bearer ${part({ alg: 'ES256' })}.${part(claims)}.c2ln`;
  return {
    request: {
      method,
      scheme: 'http',
      authority: host,
      target,
      headers: [
        ...(token === undefined ? [] : [['authorization', token] as const]),
        ...(sent === undefined ? [] : [['content-type', 'application/json'] as const]),
      ],
      body: bytes(sent),
    },
    response: {
      status,
      headers: [['content-type', 'application/json']],
      body: text === undefined ? bytes(body) : new TextEncoder().encode(text),
    },
    caller: by === undefined ? { auth: 'anonymous' } : { auth: 'credential', scheme: 'bearer', identity: by },
    time,
    provenance: { reader: 'test', file: 'test.har', at: `entry ${time}` },
  };
}

export function draftOf(
  calls: readonly Call[],
  more: Omit<Partial<Evidence>, 'exchanges'> & { readonly declared?: readonly DeclaredOperation[] } = {},
): Draft {
  const exchanges = calls.map(exchangeOf);
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  for (const each of more.declared ?? []) builder.declare(each);
  return draft({ exchanges, inventory: builder.finish(), ...more });
}
