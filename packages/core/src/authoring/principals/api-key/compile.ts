import type { z } from 'zod';
import type { Operation } from '../../../contract/compiled.ts';
import type { ApiKeyIdentity, Identity, KnownApiKey } from '../../../contract/identity.ts';
import { isLeakproofError } from '../../../errors.ts';
import type { Compiling } from '../../compile/compiling.ts';
import { checkCredentialHeader } from '../credential-header.ts';
import { readDocument, type SourcePath } from '../../read/document.ts';
import type { CompiledIdentity } from '../identities.ts';
import { ApiKeys, type ApiKeySource } from './grammar.ts';

export function compileApiKey(
  compiling: Compiling,
  path: SourcePath,
  { in: place, name, secret, keys }: z.infer<typeof ApiKeySource>,
): CompiledIdentity {
  if (place === 'header') checkCredentialHeader(compiling, [...path, 'name'], name);
  const known = typeof keys === 'string' ? keysInFile(compiling, [...path, 'keys'], keys) : knownKeys(keys);
  if (typeof known === 'string') compiling.error([...path, 'keys'], known);
  const identity: ApiKeyIdentity = {
    how: 'api-key',
    in: place,
    name: place === 'header' ? name.toLowerCase() : name,
    secret,
    keys: typeof known === 'string' ? [] : known,
    ...(typeof keys === 'string' && { file: keys }),
  };
  return { identity, id: ['id'] };
}

function keysInFile(compiling: Compiling, path: SourcePath, file: string): readonly KnownApiKey[] | string {
  try {
    return readApiKeys(file, compiling.read(file, compiling.main).text);
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
    compiling.error(path, error.message, error.fix);
    return [];
  }
}

/** The keys in the text of a file of keys, or what is wrong with it. Throws LP-CONTRACT-INVALID if it is no YAML. */
export function readApiKeys(file: string, text: string): readonly KnownApiKey[] | string {
  const keys = ApiKeys.safeParse(readDocument(file, text).value);
  if (keys.success) return knownKeys(keys.data);
  return `The file holds no list of { digest, id }: ${keys.error.issues[0]?.message ?? 'it cannot be read'}`;
}

function knownKeys(keys: z.infer<typeof ApiKeys>): readonly KnownApiKey[] | string {
  const digests = new Set(keys.map(({ digest }) => digest));
  if (digests.size < keys.length) return 'A digest occurs twice: whose key is it?';
  return keys.map(({ digest, ...claims }) => ({ digest, claims }));
}

/** The operations, with the query parameters in which keys are sent: every REST operation takes them. */
export function withKeyParameters(operations: readonly Operation[], identities: readonly Identity[]): Operation[] {
  const names = new Set(identities.flatMap((by) => (by.how === 'api-key' && by.in === 'query' ? [by.name] : [])));
  return operations.map((operation) => {
    const added = [...names].filter(
      (name) => !operation.parameters.some((each) => each.in === 'query' && each.name === name),
    );
    if (operation.protocol === 'graphql' || added.length === 0) return operation;
    const parameters = added.map((name) => ({ in: 'query', name, repeats: false, isPrincipal: false }) as const);
    return { ...operation, parameters: [...operation.parameters, ...parameters] };
  });
}
