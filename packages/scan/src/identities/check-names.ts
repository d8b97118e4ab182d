import { type CompiledContract, LeakproofError, type Where } from '@leakproof/core';
import { CREDENTIAL_KINDS } from './kinds/index.ts';
import { credentialsOf } from './open-session.ts';
import type { IdentitiesSource, IdentitySource } from './identities-source.ts';

/** The position of a value of the file, by its path. */
export type WhereIs = (path: readonly PropertyKey[]) => Where;

/** Checks the names in an identities file against each other and the contract. Throws LP-IDENTITIES-INVALID. */
export function checkNames(source: IdentitiesSource, contract: CompiledContract, whereIs: WhereIs): void {
  const { identities, reads = [], inputs = {} } = source;
  const operations = contract.operations.map(nameOf);
  const names = new Set<string>(['anonymous']);
  for (const [index, { name }] of identities.entries()) {
    if (names.has(name)) throw invalid(`The name "${name}" is used twice.`, whereIs(['identities', index, 'name']));
    names.add(name);
  }
  const checkName = (name: string, { kind, known, path }: NameToCheck): void => {
    if (known.includes(name)) return;
    throw invalid(`The contract has no ${kind} "${name}".`, whereIs(path), `Known: ${known.join(', ')}.`);
  };
  for (const [index, identity] of identities.entries()) {
    const path = ['identities', index];
    for (const each of namesOf(identity, contract, operations))
      checkName(each.name, { ...each, path: [...path, each.key] });
    for (const [relation, targets] of Object.entries(identity.relations ?? {})) {
      const unknown = targets.find((target) => !names.has(target));
      if (unknown !== undefined)
        throw invalid(`There is no identity "${unknown}".`, whereIs([...path, 'relations', relation]));
    }
    if (credentialsOf(identity).length !== 1)
      throw invalid(
        `"${identity.name}" needs exactly one credential: ${Object.keys(CREDENTIAL_KINDS).join(', ')}.`,
        whereIs(path),
      );
  }
  reads.forEach((name, index) => checkName(name, { kind: 'operation', known: operations, path: ['reads', index] }));
  for (const [name, constants] of Object.entries(inputs)) {
    checkName(name, { kind: 'operation', known: operations, path: ['inputs', name] });
    for (const [key, value] of Object.entries(constants)) {
      const fault = faultOfConstant(key, value);
      if (fault !== undefined) throw invalid(fault, whereIs(['inputs', name, key]));
    }
  }
}

/** Headers that the HTTP client sets by itself. */
const SET_BY_CLIENT = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function faultOfConstant(key: string, value: string): string | undefined {
  if (!key.startsWith('header.')) return undefined;
  const header = key.slice('header.'.length);
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) return `"${header}" is not the name of a header.`;
  if (SET_BY_CLIENT.has(header.toLowerCase())) return `The header "${header}" cannot be set.`;
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
    ? undefined
    : `The value of "${key}" has characters that no header can have.`;
}

interface NameToCheck {
  readonly kind: string;
  readonly known: readonly string[];
  readonly path: readonly PropertyKey[];
}

type NameOfIdentity = Omit<NameToCheck, 'path'> & { readonly name: string; readonly key: keyof IdentitySource };

function namesOf(
  { kind, server, states = [], probe, relations = {} }: IdentitySource,
  contract: CompiledContract,
  operations: readonly string[],
): NameOfIdentity[] {
  const known = { states: Object.keys(contract.states), relations: Object.keys(contract.relations) };
  return [
    { name: kind, key: 'kind', kind: 'kind of principal', known: contract.principals.map(nameOf) },
    { name: server, key: 'server', kind: 'server', known: contract.servers.map(nameOf) },
    ...states.map((name): NameOfIdentity => ({ name, key: 'states', kind: 'state', known: known.states })),
    ...(probe === undefined || probe === 'none'
      ? []
      : [{ name: probe, key: 'probe', kind: 'operation', known: operations } as const]),
    ...Object.keys(relations).map((name): NameOfIdentity => ({
      name,
      key: 'relations',
      kind: 'relation',
      known: known.relations,
    })),
  ];
}

const nameOf = ({ name }: { readonly name: string }): string => name;

export function invalid(detail: string, where: Where, fix?: string): LeakproofError {
  return new LeakproofError('LP-IDENTITIES-INVALID', detail, { where, ...(fix === undefined ? {} : { fix }) });
}
