import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeclaredHttpOperation } from '@leakproof/core/openapi';
import { loadContract, type Loaded, whyNotSentOn } from '@leakproof/core/authoring';
import { fileSource, readBytes } from '@leakproof/sources';

/**
 * Reads every description below a folder by `map`'s reader and by a contract that declares its operations, and counts the operations
 * and the names of path, query and header parameters that both have. Operations that no contract can have, such as two of the same
 * method and path, and headers that are never sent on, are left out and counted by the message.
 */
interface Side {
  operations: number;
  parameters: number;
}

const [, , folder = ''] = process.argv;
const files = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((file) => file.endsWith('.json') && statSync(file).isFile())
  .sort();
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY']);
const NOT_PARAMETERS = new Set(['accept', 'content-type', 'authorization']);
const map: Side = { operations: 0, parameters: 0 };
const contract: Side = { operations: 0, parameters: 0 };
const left: Record<string, number> = {};
const differing: string[] = [];
const crashes: string[] = [];

for (const file of files) {
  try {
    await compare(file);
  } catch (error) {
    crashes.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.stdout.write(JSON.stringify({ files: files.length, map, contract, left, differing, crashes }));

async function compare(file: string): Promise<void> {
  const declared = new Map<string, Set<string>>();
  // Of templates that match the same paths a contract has one, with the parameters of all.
  const shared = new Map<string, Set<string>>();
  const read = await readOperations(file);
  const base = basePathOf(read);
  for (const operation of read) {
    const name = `${operation.method} ${pathOf(operation.path)}`;
    if (!METHODS.has(operation.method)) {
      leave(`method ${operation.method}`);
      continue;
    }
    const ofPath = declared.get(name) ?? new Set();
    for (const each of pathNames(operation)) ofPath.add(each);
    declared.set(name, ofPath);
    const others = shared.get(keyOf(name)) ?? new Set();
    for (const each of otherNames(operation)) others.add(each);
    shared.set(keyOf(name), others);
  }
  const text = readFileSync(file, 'utf8');
  // The errors of an operation have its line: it is left out, and the contract is loaded again.
  let names = [...declared.keys()];
  let loaded = load(names, { text, base });
  for (let round = 0; loaded.contract === undefined && round < 8; round += 1) {
    const errors = loaded.problems.filter(({ severity, where }) => severity === 'error' && where.file === 'contract');
    const wrong = new Map(errors.map(({ where, message }) => [names[(where.line ?? 0) - 3], message]));
    if (errors.length === 0 || wrong.has(undefined)) break;
    for (const message of wrong.values()) leave(kindOf(message));
    names = names.filter((name) => !wrong.has(name));
    loaded = load(names, { text, base });
  }
  if (loaded.contract === undefined) {
    if (names.length > 0)
      differing.push(`${file}: ${loaded.problems.find((each) => each.severity === 'error')?.message}`);
    return;
  }
  const compiled = new Map(
    loaded.contract.operations.map(({ name, parameters }) => [
      name,
      new Set(parameters.map((each) => `${each.in} ${each.name}`)),
    ]),
  );
  for (const name of names) {
    const ours = new Set([...(declared.get(name) ?? []), ...(shared.get(keyOf(name)) ?? [])]);
    const theirs = compiled.get(name);
    map.operations += 1;
    map.parameters += ours.size;
    contract.operations += theirs ? 1 : 0;
    contract.parameters += theirs?.size ?? 0;
    const differs = [
      ...[...ours].filter((each) => theirs?.has(each) !== true),
      ...[...(theirs ?? [])].filter((each) => !ours.has(each)),
    ];
    if (differs.length > 0) differing.push(`${file} ${name}: ${differs.join(', ')}`);
  }
  // Whatever no operation of the contract has is named as undeclared.
  const undeclared = new Set(loaded.contract.undeclaredInDocument);
  for (const name of names) if (undeclared.has(name)) differing.push(`${file} ${name}: undeclared`);
}

async function readOperations(file: string): Promise<readonly DeclaredHttpOperation[]> {
  const operations: DeclaredHttpOperation[] = [];
  for await (const batch of readBytes(await fileSource(file), { as: 'openapi', maxFields: 0 })) {
    for (const reading of batch)
      if (reading.type === 'operation' && reading.operation.protocol === 'http') operations.push(reading.operation);
  }
  return operations;
}

function keyOf(name: string): string {
  return name.replace(/\{[^{}]*\}/g, '{}');
}

/** The base path of the first server, if it is plain. */
function basePathOf([first]: readonly DeclaredHttpOperation[]): string {
  const path = first?.servers[0]?.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/+$/, '') ?? '';
  return /^(?:\/[\w-]+)+$/.test(path) ? path : '';
}

/** `path id` */
function* pathNames({ path }: DeclaredHttpOperation): Generator<string> {
  for (const [, name] of pathOf(path).matchAll(/\{([^{}]*)\}/g)) yield `path ${name}`;
}

/** `query page`, `header x-version`, as a request has them. */
function* otherNames({ path, parameters }: DeclaredHttpOperation): Generator<string> {
  for (const pair of (/\?([^#]*)/.exec(path)?.[1] ?? '').split('&')) {
    const name = pair.split('=')[0] ?? '';
    if (name !== '' && !/[{}]/.test(name)) yield `query ${name}`;
  }
  for (const parameter of parameters) {
    if (parameter.in === 'query' || parameter.in === 'querystring')
      for (const { name } of parameter.onWire ?? [parameter]) yield `query ${name}`;
    const header = parameter.name.toLowerCase();
    if (parameter.in !== 'header' || NOT_PARAMETERS.has(header)) continue;
    const why = whyNotSentOn(header);
    if (why) leave(`header: ${why}`);
    else yield `header ${header}`;
  }
}

function pathOf(path: string): string {
  const plain = path.replace(/[?#].*$/s, '');
  return plain.startsWith('/') ? plain : `/${plain}`;
}

interface Written {
  readonly text: string;
  readonly base: string;
}

/** One operation a line, from line 3. */
function load(names: readonly string[], { text, base }: Written): Loaded {
  const lines = names.map((name) => `  ${JSON.stringify(name)}: { "by": "anyone" }`);
  const source = `{ "leakproof": 1, "api": { "servers": { "one": { "rest": "http://api.example${base}" } }, "openapi": "description" },
"operations": {
${lines.join(',\n')}
} }`;
  return loadContract('contract', (path) => ({ file: path, text: path === 'contract' ? source : text }));
}

function leave(why: string): void {
  left[why] = (left[why] ?? 0) + 1;
}

function kindOf(message: string): string {
  return message.replace(/"[^"]*"|\S*[{/]\S*/g, '…');
}
