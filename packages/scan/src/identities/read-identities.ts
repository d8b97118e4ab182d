import { type CompiledContract, LeakproofError, type Where } from '@leakproof/core';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { IdentitiesSource, type IdentitySource } from './identities-source.ts';

const MAX_ALIASES = 100;

/**
 * Reads an identities file (YAML or JSON) and checks it beside the contract. `file` is only for messages.
 * Throws LP-IDENTITIES-INVALID at the first thing that is wrong, with its place; no value of the file is quoted.
 */
export function readIdentities(text: string, contract: CompiledContract, file?: string): IdentitiesSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, version: '1.2' });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [fault] = document.errors;
  if (fault) throw wrong(firstLine(fault.message), at(fault.pos[0]));
  const whereIs = (path: readonly PropertyKey[]): Where => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return at(0);
  };
  const parsed = IdentitiesSource.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    throw wrong(`${path.map(String).join('.') || 'The file'}: ${issue?.message ?? 'not valid'}`, whereIs(path));
  }
  checkNames(parsed.data, contract, whereIs);
  return parsed.data;
}

type WhereIs = (path: readonly PropertyKey[]) => Where;

function checkNames(
  { identities, reads = [], inputs = {} }: IdentitiesSource,
  contract: CompiledContract,
  whereIs: WhereIs,
): void {
  const names = new Set<string>(['anonymous']);
  for (const [index, identity] of identities.entries()) {
    const path = ['identities', index];
    if (names.has(identity.name)) throw wrong(`The name "${identity.name}" stands twice.`, whereIs([...path, 'name']));
    names.add(identity.name);
  }
  for (const [index, identity] of identities.entries()) {
    const path = ['identities', index];
    const known = (key: keyof IdentitySource, what: string, word: string, words: readonly string[]): void => {
      if (!words.includes(word))
        throw wrong(`The contract has no ${what} "${word}".`, whereIs([...path, key]), `Known: ${words.join(', ')}.`);
    };
    known('kind', 'kind of principal', identity.kind, contract.principals.map(nameOf));
    known('server', 'server', identity.server, contract.servers.map(nameOf));
    for (const state of identity.states ?? []) known('states', 'state', state, Object.keys(contract.states));
    if (identity.probe !== undefined && identity.probe !== 'none')
      known('probe', 'operation', identity.probe, contract.operations.map(nameOf));
    for (const [relation, targets] of Object.entries(identity.relations ?? {})) {
      known('relations', 'relation', relation, Object.keys(contract.relations));
      const stranger = targets.find((target) => !names.has(target));
      if (stranger !== undefined)
        throw wrong(`No identity is called "${stranger}".`, whereIs([...path, 'relations', relation]));
    }
    if ((identity.login === undefined) === (identity.token === undefined))
      throw wrong(`"${identity.name}" needs either login or token.`, whereIs(path));
  }
  for (const [index, read] of reads.entries()) {
    if (!contract.operations.some((operation) => operation.name === read))
      throw wrong(`The contract has no operation "${read}".`, whereIs(['reads', index]));
  }
  for (const operation of Object.keys(inputs)) {
    if (!contract.operations.some((each) => each.name === operation))
      throw wrong(`The contract has no operation "${operation}".`, whereIs(['inputs', operation]));
  }
}

const nameOf = ({ name }: { readonly name: string }): string => name;

const firstLine = (message: string): string => message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? message;

function wrong(detail: string, where: Where, fix?: string): LeakproofError {
  return new LeakproofError('LP-IDENTITIES-INVALID', detail, { where, ...(fix === undefined ? {} : { fix }) });
}
