import type {
  Budget,
  CompiledContract,
  Condition,
  Endpoint,
  Lookup,
  Resource,
  Server,
} from '../../contract/compiled.ts';
import { readCondition } from '../../contract/condition.ts';
import { LeakproofError } from '../../errors.ts';
import { checkOperation, checkPreReads } from '../check/check-operation.ts';
import { checkRelations } from '../check/check-relations.ts';
import { compileGraphql } from './compile-graphql.ts';
import { OperationCompiler, refuseTwins } from './compile-operation.ts';
import { compilePrincipals } from './compile-principals.ts';
import { ResourceCompiler } from './compile-resource.ts';
import { ShapeCompiler } from './compile-shape.ts';
import { Compiling, listOf, millisecondsOf } from './compiling.ts';
import type { Problem, SourcePath } from '../read/document.ts';
import { type DeclaredInputs, openapiInputs } from '../read/openapi-inputs.ts';
import { type ReadFile, readSources } from '../read/sources.ts';
import type { CaseSource, ContractSource } from '../read/source.ts';

/** A contract read from its files. With any error there is no contract: it never loads half. */
export interface Loaded {
  readonly contract: CompiledContract | undefined;
  readonly tests: readonly CaseSource[];
  readonly problems: readonly Problem[];
}

/** Reads, checks and compiles a contract and what it includes. Throws only what `read` throws. */
export function loadContract(path: string, read: ReadFile): Loaded {
  const sources = readSources(path, read);
  if (!sources.contract || sources.problems.some((each) => each.severity === 'error')) {
    return { contract: undefined, tests: [], problems: sources.problems };
  }
  const compiling = new Compiling(sources, sources.contract, read);
  const contract = compile(compiling);
  const failed = compiling.problems.some((each) => each.severity === 'error');
  return { contract: failed ? undefined : contract, tests: sources.contract.tests ?? [], problems: compiling.problems };
}

/** The same, for those who can go no further without one. Throws LP-CONTRACT-INVALID at the first place that is wrong. */
export function loadContractOrThrow(path: string, read: ReadFile): CompiledContract {
  const { contract, problems } = loadContract(path, read);
  if (contract) return contract;
  const errors = problems.filter((each) => each.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new LeakproofError('LP-CONTRACT-INVALID', `${first?.message ?? 'The contract is not valid.'}${more}`, {
    where: first?.where,
    fix: first?.fix,
  });
}

function compile(compiling: Compiling): CompiledContract {
  const { source } = compiling;
  const resources: Record<string, Resource> = Object.create(null) as Record<string, Resource>;
  const shapes = new ShapeCompiler(compiling, resources);
  const compiler = new ResourceCompiler(compiling, resources, shapes);
  for (const [name, resource] of Object.entries(source.resources ?? {})) compiler.compile(name, resource);
  const operationCompiler = new OperationCompiler(compiling, shapes, declaredInputs(compiling));
  const operations = Object.entries(source.operations ?? {}).flatMap(
    ([name, each]) => operationCompiler.compile(name, each) ?? [],
  );
  refuseTwins(compiling, operations);
  for (const operation of operations) checkOperation(compiling, operation);
  checkPreReads(compiling, operations);
  checkRelations(compiling);
  const graphql = compileGraphql(compiling, resources, operations);
  const servers = compileServers(compiling);
  return {
    format: 1,
    servers,
    principals: compilePrincipals(compiling, servers),
    owners: compiling.ownerKinds(),
    relations: mapValues(source.relations ?? {}, (rule, name) => ({
      of: ownerKind(compiling, ['relations', name, 'of'], rule.of),
      ...(rule.when === undefined ? {} : { when: condition(compiling, ['relations', name, 'when'], rule.when) }),
      ...objectCondition(compiling, ['relations', name, 'object'], rule.object),
      ...lookup(compiling, ['relations', name, 'lookup'], rule),
    })),
    states: mapValues(source.states ?? {}, (rule, name) => ({
      of: ownerKind(compiling, ['states', name, 'of'], rule.of),
      unknown: rule.unknown ?? true,
      ...objectCondition(compiling, ['states', name, 'object'], rule.object),
      ...lookup(compiling, ['states', name, 'lookup'], rule),
    })),
    resources,
    operations,
    ...graphql,
    mode: source.mode ?? 'enforce',
    undeclared: {
      operations: source.undeclared?.operations ?? 'deny',
      parameters: source.undeclared?.parameters ?? 'deny',
    },
    on: { 'no-ledger': source.on?.['no-ledger'] ?? 'refuse', 'no-lookup': 'deny' },
    budgets: (source.budgets ?? []).map(compileBudget),
    foreign: source.foreign ?? 404,
  };
}

function compileServers(compiling: Compiling): Server[] {
  const endpoints = new Map<string, string>();
  const meet = (name: string, address: string | undefined): void => {
    if (address === undefined) return;
    const { authority, path } = doorOf(address);
    const other = endpoints.get(`${authority}${path}`);
    if (other !== undefined)
      compiling.error(['api', 'servers', name], `Stands at the same address as "${other}": ids could be of either.`);
    endpoints.set(`${authority}${path}`, name);
  };
  return Object.entries(compiling.source.api.servers).map(([name, server]) => {
    meet(name, server.rest);
    meet(name, server.graphql);
    if (!server.rest && !server.graphql)
      compiling.error(['api', 'servers', name], 'A server has a rest or a graphql address.');
    return {
      name,
      endpoints: {
        ...(server.rest ? { rest: doorOf(server.rest) } : {}),
        ...(server.graphql ? { graphql: doorOf(server.graphql) } : {}),
      },
      ...(server.internal ? { internal: server.internal.replace(/\/$/, '') } : {}),
      space: server.ids ?? 'all',
      authenticatesCaller: server.caller === 'verified',
    };
  });
}

function doorOf(address: string): Endpoint {
  const [, scheme = 'http', authority = '', path = ''] = /^(https?):\/\/([^/?#]+)([^?#]*)/.exec(address) ?? [];
  return {
    scheme: scheme === 'https' ? 'https' : 'http',
    authority: authority.toLowerCase(),
    path: path.replace(/\/$/, ''),
  };
}

function declaredInputs(compiling: Compiling): ReadonlyMap<string, DeclaredInputs> {
  const { openapi } = compiling.source.api;
  if (openapi === undefined) return new Map();
  const { file, text } = compiling.read(openapi, compiling.main);
  const { document, inputs } = openapiInputs(file, text);
  compiling.problems.push(...document.faults);
  return inputs;
}

function ownerKind(compiling: Compiling, path: SourcePath, kind: string): string {
  compiling.knows(path, 'kind of owner', kind, Object.keys(compiling.ownerKinds()));
  return kind;
}

function condition(compiling: Compiling, path: SourcePath, cel: string): Condition {
  try {
    return readCondition(cel);
  } catch (error) {
    const [message = 'not a condition'] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    compiling.error(path, `The condition: ${message}`, 'Conditions are CEL over principal, owner and object.');
    return { cel: 'false', reads: [] };
  }
}

function objectCondition(
  compiling: Compiling,
  path: SourcePath,
  source: string | Readonly<Record<string, string>> | undefined,
): { object?: Record<string, Condition> } {
  if (source === undefined) return {};
  if (typeof source === 'string') return { object: { '*': condition(compiling, path, source) } };
  const names = Object.keys(compiling.source.resources ?? {});
  return {
    object: mapValues(source, (cel, name) => {
      compiling.knows([...path, name], 'resource', name, names);
      return condition(compiling, [...path, name], cel);
    }),
  };
}

function lookup(
  compiling: Compiling,
  path: SourcePath,
  rule: { lookup?: string | undefined; cache?: string | undefined; until?: string | undefined },
): { lookup?: Lookup } {
  if (rule.lookup === undefined) return {};
  const [, target] = /^POST (\/\S*)$/.exec(rule.lookup) ?? [];
  if (target === undefined) compiling.error(path, 'A lookup is a POST of its own.', 'Write "POST /internal/lookup".');
  return {
    lookup: {
      method: 'POST',
      path: target ?? '/',
      cacheMs: rule.cache === undefined ? 0 : millisecondsOf(rule.cache),
      ...(rule.until === undefined ? {} : { until: rule.until }),
    },
  };
}

function compileBudget(budget: NonNullable<ContractSource['budgets']>[number]): Budget {
  return {
    per: budget.per,
    count: budget.count,
    withinMs: millisecondsOf(budget.within),
    max: budget.max,
    steps: listOf(budget.steps ?? ['429']) as Budget['steps'],
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, each: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, each(value, key)]));
}
