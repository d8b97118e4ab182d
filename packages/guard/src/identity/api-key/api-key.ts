import { timingSafeEqual } from 'node:crypto';
import {
  type ApiKeyIdentity,
  type CompiledContract,
  type KnownApiKey,
  type KnownPrincipal,
  readTarget,
} from '@leakproof/core';
import { headerValues, type IncomingRequest } from '@leakproof/http';
import { identified } from '../identified.ts';
import { defineIdentity, type IdentityOptions, type NamedIdentity } from '../identity-kind.ts';
import { principalFrom } from '../principal-from.ts';
import { digestKey } from './digest-key.ts';

/** API keys by their keyed digests. A key that is known as two kinds is invalid. */
export const apiKey = defineIdentity('api-key', {
  traits: (by) => (by.in === 'header' ? { headers: [by.name] } : {}),
  reader: (kinds, options) => {
    const tables = kinds.map((each) => keyTable(each, options));
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

type Entries = ReadonlyMap<string, readonly { readonly digest: Buffer; readonly principal: KnownPrincipal }[]>;

function keyTable(
  { kind, by }: NamedIdentity<ApiKeyIdentity>,
  { contract, readSecret, keysOf = ({ keys }) => keys }: IdentityOptions,
): KeyTable {
  const secret = readSecret(by.secret);
  let keys = keysOf(by);
  let entries = entriesOf(contract, kind, keys);
  return {
    by,
    principalWith: (key) => {
      const current = keysOf(by);
      if (current !== keys) {
        keys = current;
        entries = entriesOf(contract, kind, keys);
      }
      const digest = digestKey(key, secret);
      return entries.get(prefixOf(digest))?.find((entry) => timingSafeEqual(entry.digest, digest))?.principal;
    },
  };
}

function entriesOf(contract: CompiledContract, kind: string, keys: readonly KnownApiKey[]): Entries {
  const byPrefix = new Map<string, { readonly digest: Buffer; readonly principal: KnownPrincipal }[]>();
  for (const { digest, claims } of keys) {
    const bytes = Buffer.from(digest, 'hex');
    const principal = principalFrom(contract, kind, claims);
    const prefix = prefixOf(bytes);
    if (principal) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), { digest: bytes, principal }]);
  }
  return byPrefix;
}

function prefixOf(digest: Buffer): string {
  return digest.toString('latin1', 0, PREFIX_BYTES);
}
