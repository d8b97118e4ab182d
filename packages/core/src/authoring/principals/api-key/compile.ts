import type { z } from 'zod';
import type { Operation } from '../../../contract/compiled.ts';
import type { ApiKeyIdentity, Identity } from '../../../contract/identity.ts';
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
  const entries = typeof keys === 'string' ? keysInFile(compiling, [...path, 'keys'], keys) : keys;
  const digests = new Set(entries.map(({ digest }) => digest));
  if (digests.size < entries.length) compiling.error([...path, 'keys'], 'A digest occurs twice: whose key is it?');
  const identity: ApiKeyIdentity = {
    how: 'api-key',
    in: place,
    name: place === 'header' ? name.toLowerCase() : name,
    secret,
    keys: entries.map(({ digest, ...claims }) => ({ digest, claims })),
  };
  return { identity, id: ['id'] };
}

function keysInFile(compiling: Compiling, path: SourcePath, file: string): z.infer<typeof ApiKeys> {
  try {
    const { text } = compiling.read(file, compiling.main);
    const keys = ApiKeys.safeParse(readDocument(file, text).value);
    if (keys.success) return keys.data;
    const [first] = keys.error.issues;
    compiling.error(path, `The file holds no list of { digest, id }: ${first?.message ?? 'it cannot be read'}`);
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
    compiling.error(path, error.message, error.fix);
  }
  return [];
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
