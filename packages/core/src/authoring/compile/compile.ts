import type { CompiledContract, Resource } from '../../contract/compiled.ts';
import { checkOperation, checkPreReads } from '../check/check-operation.ts';
import { checkOwnerKinds } from '../check/check-owner-kinds.ts';
import { checkRelations } from '../check/check-relations.ts';
import { checkTemplateConflicts } from '../check/check-template.ts';
import type { SourcePath } from '../read/document.ts';
import { DescriptionInputs } from '../describe/description-inputs.ts';
import { compileBudget } from './compile-budget.ts';
import { condition, objectCondition } from './compile-condition.ts';
import { compileGraphql } from './compile-graphql.ts';
import { lookup } from './compile-lookup.ts';
import { OperationCompiler } from './compile-operation.ts';
import { compilePrincipals } from './compile-principals.ts';
import { compileRequestHeaders } from './compile-request-headers.ts';
import { ResourceCompiler } from './compile-resource.ts';
import { compileServers } from './compile-servers.ts';
import { ShapeCompiler } from './compile-shape.ts';
import { withKeyParameters } from '../principals/api-key/compile.ts';
import { checkCookieName } from '../principals/cookie-names.ts';
import type { Compiling } from './compiling.ts';
import { mapValues } from './map-values.ts';

/** The compiled form of a checked source; mistakes are added to its problems. */
export function compile(compiling: Compiling): CompiledContract {
  const { source } = compiling;
  const resources: Record<string, Resource> = Object.create(null) as Record<string, Resource>;
  const shapes = new ShapeCompiler(compiling, resources);
  const compiler = new ResourceCompiler(compiling, resources, shapes);
  for (const [name, resource] of Object.entries(source.resources ?? {})) compiler.compile(name, resource);
  const servers = compileServers(compiling);
  const described = new DescriptionInputs(compiling, servers);
  const operationCompiler = new OperationCompiler(compiling, shapes, described);
  const principals = compilePrincipals(compiling, servers);
  const declared = Object.entries(source.operations ?? {}).flatMap(
    ([name, each]) => operationCompiler.compile(name, each) ?? [],
  );
  const operations = withKeyParameters(
    declared,
    principals.map(({ by }) => by),
  );
  checkTemplateConflicts(compiling, operations);
  for (const operation of operations) checkOperation(compiling, operation);
  checkPreReads(compiling, operations);
  checkOwnerKinds(compiling, resources, operations);
  checkRelations(compiling);
  const graphql = compileGraphql(compiling, resources, operations);
  const undeclaredInDocument = described.finish(operations);
  return {
    format: 2,
    servers,
    principals,
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
    ...(undeclaredInDocument ? { undeclaredInDocument } : {}),
    ...(source.cookies ? { cookies: compileCookies(compiling, source.cookies) } : {}),
    ...(source.headers ? { requestHeaders: compileRequestHeaders(compiling, source.headers, ['headers']) } : {}),
  };
}

function compileCookies(compiling: Compiling, names: readonly string[]): readonly string[] {
  for (const [index, name] of names.entries()) checkCookieName(compiling, ['cookies', index], name);
  return [...new Set(names)];
}

function ownerKind(compiling: Compiling, path: SourcePath, kind: string): string {
  compiling.knows(path, kind, { what: 'kind of owner', words: Object.keys(compiling.ownerKinds()) });
  return kind;
}
