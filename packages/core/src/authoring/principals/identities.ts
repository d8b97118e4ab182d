import type { z } from 'zod';
import type { Identity } from '../../contract/identity.ts';
import type { Compiling } from '../compile/compiling.ts';
import type { SourcePath } from '../read/document.ts';
import type { IDENTITY_GRAMMAR } from './grammar.ts';
import { compileApiKey } from './api-key/compile.ts';
import { compileJwt } from './jwt/compile.ts';
import { compileUserinfo } from './userinfo/compile.ts';
import { compileVerified } from './verified/compile.ts';

export interface CompiledIdentity {
  readonly identity: Identity;
  /** Where the id stands in the claims, unless the kind says another place. */
  readonly id?: readonly string[];
  /** The kind must not say another place. */
  readonly isIdFixed?: true;
}

/** Compiles the value at `path`. */
type CompileIdentity<Source> = (compiling: Compiling, path: SourcePath, source: Source) => CompiledIdentity;

type Key = keyof typeof IDENTITY_GRAMMAR;
type Sources = { readonly [K in Key]: NonNullable<z.infer<(typeof IDENTITY_GRAMMAR)[K]>> };

const IDENTITIES: { readonly [K in Key]: CompileIdentity<Sources[K]> } = {
  jwt: compileJwt,
  verified: compileVerified,
  'api-key': compileApiKey,
  userinfo: compileUserinfo,
};

const KEYS = Object.keys(IDENTITIES) as readonly Key[];

/** Compiles what a kind of principal is recognised by; undefined after an error. */
export function compileIdentity(
  compiling: Compiling,
  path: SourcePath,
  source: { readonly [K in Key]?: Sources[K] | undefined },
): CompiledIdentity | undefined {
  const [key, ...more] = KEYS.filter((each) => source[each] !== undefined);
  if (key !== undefined && more.length === 0) return compileKey(compiling, path, { key, source });
  compiling.error(path, `A principal kind has exactly one of ${KEYS.map((each) => `\`${each}\``).join(', ')}.`);
  return undefined;
}

function compileKey<K extends Key>(
  compiling: Compiling,
  path: SourcePath,
  { key, source }: { readonly key: K; readonly source: { readonly [P in K]?: Sources[P] | undefined } },
): CompiledIdentity | undefined {
  const value = source[key];
  return value === undefined ? undefined : IDENTITIES[key](compiling, [...path, key], value);
}
