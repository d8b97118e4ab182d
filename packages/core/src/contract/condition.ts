import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import type { Condition } from './compiled.ts';

/** The variables of a condition. Maps without prototypes; members: docs/contract.md. */
export interface ConditionScope {
  readonly principal: Readonly<Record<string, unknown>>;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly object: Readonly<Record<string, unknown>>;
}

export type Truth = 'yes' | 'no' | 'unknown';

const ENVIRONMENT = new Environment({ limits: { maxAstNodes: 200, maxDepth: 30 } })
  .registerVariable('principal', 'map')
  .registerVariable('owner', 'map')
  .registerVariable('object', 'map')
  .registerFunction('string.linearMatches(string): bool', (text: string, pattern: string) =>
    RE2JS.compile(pattern).matcher(text).find(),
  );

/**
 * Reads a CEL expression (github.com/google/cel-spec) of type bool. `matches` runs on a linear-time engine,
 * because bodies are hostile and a backtracking engine can be made to hang. Throws the parser's error; the caller adds the position.
 */
export function readCondition(cel: string): Condition {
  const parsed = ENVIRONMENT.parse(withLinearMatches(cel));
  const check = parsed.check();
  if (!check.valid) throw check.error ?? new Error('The condition is not valid.');
  if (check.type !== 'bool' && check.type !== 'dyn')
    throw new Error(`A condition must be true or false, this is ${check.type}.`);
  return { cel, reads: readsOf(parsed.ast) };
}

type Evaluate = (scope: ConditionScope) => unknown;
const compiled = new Map<string, Evaluate>();

/** `yes` only for true, `no` only for false: an error, an absent field or another type is `unknown`. */
export function holds(condition: Condition, scope: ConditionScope): Truth {
  let evaluate = compiled.get(condition.cel);
  if (!evaluate) {
    evaluate = ENVIRONMENT.parse(withLinearMatches(condition.cel));
    compiled.set(condition.cel, evaluate);
  }
  try {
    const result = evaluate(scope);
    return result === true ? 'yes' : result === false ? 'no' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** What may precede the name of a called method: white space, a dot, and comments, which may contain any word. */
const BEFORE_METHOD = /(?:[\s).]|\/\/[^\n]*)*(?=matches)/y;

/** Renames calls of `matches` by their position, so that strings that contain the word do not change. */
function withLinearMatches(cel: string): string {
  const places: number[] = [];
  walk(ENVIRONMENT.parse(cel).ast, (node) => {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') return;
    BEFORE_METHOD.lastIndex = node.args[1].end;
    if (!BEFORE_METHOD.test(cel)) throw new Error('Write .matches right behind its text.');
    places.push(BEFORE_METHOD.lastIndex);
  });
  let text = cel;
  for (const place of places.sort((a, b) => b - a)) {
    text = `${text.slice(0, place)}linearMatches${text.slice(place + 'matches'.length)}`;
  }
  return text;
}

/** The paths below `object` that an expression reads. */
function readsOf(ast: ASTNode): string[][] {
  const paths = pathsBelow(ast, 'object');
  if (paths.some((path) => path.length === 0))
    throw new Error('`object` is used as a whole; a condition can only read its fields by name.');
  return paths;
}

/** The paths below `principal` that a condition reads; an empty path: it is used as a whole. */
export function principalPathsOf({ cel }: Condition): readonly (readonly string[])[] {
  return pathsBelow(ENVIRONMENT.parse(withLinearMatches(cel)).ast, 'principal');
}

function pathsBelow(ast: ASTNode, variable: keyof ConditionScope): string[][] {
  const paths = new Map<string, string[]>();
  walk(ast, (node, parent) => {
    const path = pathOf(node);
    if (path?.[0] === variable && !(parent && pathOf(parent))) paths.set(JSON.stringify(path), path.slice(1));
  });
  return [...paths.values()];
}

/** `a.b["c"]` as steps; undefined for any other expression. */
function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const base = pathOf(node.args[0]);
  const step = node.op === '.' ? node.args[1] : textOf(node.args[1]);
  return base && step !== undefined ? [...base, step] : undefined;
}

function textOf(node: ASTNode): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

function walk(node: ASTNode, visit: (node: ASTNode, parent?: ASTNode) => void, parent?: ASTNode): void {
  visit(node, parent);
  for (const child of childrenOf(node.args)) walk(child, visit, node);
}

function childrenOf(args: unknown): ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
