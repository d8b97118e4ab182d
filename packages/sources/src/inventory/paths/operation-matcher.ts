import type { Inventory, SeenOperation } from '../inventory.ts';
import { isParameter } from './declared-paths.ts';
import { originOf, type ExchangeRead } from '../read-exchange.ts';
import { splitPath } from './segment-shape.ts';

/** An operation with the values of its path parameters. */
export interface MatchedOperation {
  /** `GET /users/{id}`. */
  readonly name: string;
  readonly origin: string;
  /** Path parameters with the decoded values sent: keep them in memory only. */
  readonly path: readonly (readonly [name: string, value: string])[];
}

/** Finds the operation of an exchange. If none matches, its name is the method and path, with `{}` for segments that are ids. */
export type OperationMatcher = (read: ExchangeRead) => MatchedOperation;

interface Node {
  readonly words: Map<string, Node>;
  readonly parameters: Map<string, Node>;
  isEnd: boolean;
}

/** A matcher for the operations of an inventory, or for any templates; literal segments win over parameters. */
export function matchOperations(inventory: Pick<Inventory, 'operations'>): OperationMatcher {
  const roots = new Map<string, Node>();
  for (const operation of inventory.operations) if (operation.protocol === 'http') add(roots, operation);
  return (read) => {
    const { method } = read.exchange.request;
    const origin = originOf(read.exchange);
    const segments = read.segments.map(({ text }) => text);
    const root = roots.get(`${origin} ${method}`);
    const found = root && walk(root, segments, 0);
    if (!found) {
      const shown = read.segments.map(({ text, isId }) => (isId ? '{}' : text));
      return { name: `${method} /${shown.join('/')}`, origin, path: [] };
    }
    const path = found.flatMap((step, at) =>
      isParameter(step) ? [[step.slice(1, -1), segments[at] ?? ''] as const] : [],
    );
    return { name: `${method} /${found.join('/')}`, origin, path };
  };
}

function add(roots: Map<string, Node>, { origin, method, path }: SeenOperation): void {
  const key = `${origin} ${method}`;
  let node = roots.get(key) ?? newNode();
  roots.set(key, node);
  for (const segment of splitPath(path)) {
    const into = isParameter(segment) ? node.parameters : node.words;
    const name = isParameter(segment) ? segment : decodeURIComponent(segment);
    const next = into.get(name) ?? newNode();
    into.set(name, next);
    node = next;
  }
  node.isEnd = true;
}

function walk(node: Node, segments: readonly string[], at: number): readonly string[] | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.isEnd ? [] : undefined;
  const literal = node.words.get(segment);
  const below = literal && walk(literal, segments, at + 1);
  if (below) return [segment, ...below];
  for (const [name, next] of node.parameters) {
    const rest = walk(next, segments, at + 1);
    if (rest) return [name, ...rest];
  }
  return undefined;
}

function newNode(): Node {
  return { words: new Map(), parameters: new Map(), isEnd: false };
}
