import { timingSafeEqual } from 'node:crypto';
import { type ApiKeyIdentity, type CompiledContract, type KnownPrincipal, readTarget } from '@leakproof/core';
import { headerValues, type IncomingRequest } from '@leakproof/http';
import { identified } from '../identified.ts';
import { defineIdentity, type NamedIdentity } from '../identity-kind.ts';
import { principalFrom } from '../principal-from.ts';
import type { ReadSecret } from '../secret.ts';
import { digestKey } from './digest-key.ts';

/** API keys by their keyed digests. A key that is known as two kinds is invalid. */
export const apiKey = defineIdentity('api-key', {
  traits: (by) => (by.in === 'header' ? { headers: [by.name] } : {}),
  reader: (kinds, { contract, readSecret }) => {
    const tables = kinds.map((each) => keyTable(contract, each, readSecret));
    const places = [...new Map(kinds.map(({ by }) => [`${by.in} ${by.name}`, by])).values()];
    return {
      find: (request) => places.flatMap((place) => valuesAt(request, place)),
      read: (credential, request) => {
        const found = tables.flatMap((table) =>
          valuesAt(request, table.by).includes(credential) ? (table.principalWith(credential) ?? []) : [],
        );
        return identified(found.length === 1 ? found[0] : undefined);
      },
    };
  },
});

function valuesAt({ headers, target }: IncomingRequest, { in: place, name }: ApiKeyIdentity): readonly string[] {
  if (place === 'header') return headerValues(headers, name);
  if (!target.includes('?')) return [];
  const read = readTarget(target);
  return typeof read === 'string' ? [] : read.query.flatMap(([each, value]) => (each === name ? [value] : []));
}

interface KeyTable {
  readonly by: ApiKeyIdentity;
  principalWith(key: string): KnownPrincipal | undefined;
}

/** So many bytes of a digest select the entries that are compared; the rest is compared in constant time. */
const PREFIX_BYTES = 8;

function keyTable(
  contract: CompiledContract,
  { kind, by }: NamedIdentity<ApiKeyIdentity>,
  readSecret: ReadSecret,
): KeyTable {
  const secret = readSecret(by.secret);
  const byPrefix = new Map<string, { readonly digest: Buffer; readonly principal: KnownPrincipal }[]>();
  for (const { digest, claims } of by.keys) {
    const bytes = Buffer.from(digest, 'hex');
    const principal = principalFrom(contract, kind, claims);
    const prefix = prefixOf(bytes);
    if (principal) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), { digest: bytes, principal }]);
  }
  return {
    by,
    principalWith: (key) => {
      const digest = digestKey(key, secret);
      return byPrefix.get(prefixOf(digest))?.find((entry) => timingSafeEqual(entry.digest, digest))?.principal;
    },
  };
}

function prefixOf(digest: Buffer): string {
  return digest.toString('latin1', 0, PREFIX_BYTES);
}
