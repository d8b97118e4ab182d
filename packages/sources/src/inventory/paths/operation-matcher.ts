import {
  decodedParts,
  indexTemplates,
  parametersOf,
  parseTemplate,
  splitByPattern,
  type TemplateSegment,
  templateText,
} from '@leakproof/core';
import type { Inventory, SeenOperation } from '../inventory.ts';
import { originOf, type ExchangeRead } from '../read-exchange.ts';

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

interface Entry {
  readonly template: readonly TemplateSegment[];
  readonly operation: SeenOperation;
}

/** A matcher for the operations of an inventory, or for any templates; the most specific template wins. */
export function matchOperations(inventory: Pick<Inventory, 'operations'>): OperationMatcher {
  const byMethod = new Map<string, Entry[]>();
  for (const operation of inventory.operations) {
    if (operation.protocol !== 'http') continue;
    const key = `${operation.origin} ${operation.method}`;
    const entries = byMethod.get(key) ?? [];
    byMethod.set(key, entries);
    entries.push({ template: parseTemplate(operation.path).segments, operation });
  }
  const indexes = new Map([...byMethod].map(([key, entries]) => [key, indexTemplates(entries)]));
  return (read) => {
    const { method } = read.exchange.request;
    const origin = originOf(read.exchange);
    const segments = read.segments.map(({ text }) => text);
    const found = indexes.get(`${origin} ${method}`)?.find(segments, (entry) => entry);
    if (!found) {
      const shown = read.segments.map(({ text, isId }) => (isId ? '{}' : text));
      return { name: `${method} /${shown.join('/')}`, origin, path: [] };
    }
    const path = found.template.flatMap((segment, at) => valuesIn(segment, segments[at] ?? ''));
    return { name: `${method} ${templateText(found.template)}`, origin, path };
  };
}

function valuesIn(segment: TemplateSegment, text: string): (readonly [name: string, value: string])[] {
  if ('literal' in segment) return [];
  if ('parameter' in segment) return [[segment.parameter, text]];
  const split = splitByPattern(decodedParts(segment.pattern), text);
  return parametersOf([segment]).map((name, index) => [name, split?.values[index] ?? '']);
}
