import { isObject } from '../../reading/json/json-shape.ts';
import { loadYaml } from '../../reading/yaml/load-yaml.ts';
import type { FetchRef } from '../../reading/reader.ts';
import type { Rejects } from '../../reading/rejects.ts';
import { absoluteRef, type LocatedValue } from './references.ts';

/** Most documents fetched for one description. */
const MAX_DOCUMENTS = 500;

/** The document at `base` and, if there is a `fetchRef`, all documents that it refers to, by absolute URI. */
export async function loadReferenced(
  { value: document, base }: LocatedValue,
  fetchRef: FetchRef | undefined,
  rejects: Rejects,
): Promise<ReadonlyMap<string, unknown>> {
  const documents = new Map<string, unknown>([[base, document]]);
  if (fetchRef === undefined) return documents;
  const requested = new Set([base]);
  const waiting = [base];
  for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) {
    for (const uri of externalRefs(documents.get(from), from)) {
      if (requested.has(uri) || requested.size > MAX_DOCUMENTS) continue;
      requested.add(uri);
      const bytes = await fetchRef(uri, from).catch(() => undefined);
      const value = bytes === undefined ? undefined : loadYaml(Buffer.from(bytes).toString(), rejects);
      if (value === undefined) continue;
      documents.set(uri, value);
      waiting.push(uri);
    }
  }
  return documents;
}

function externalRefs(document: unknown, base: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [document];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const ref = isObject(value) ? value.$ref : undefined;
    const target = typeof ref === 'string' ? absoluteRef(ref, base)?.document : undefined;
    if (target !== undefined && target !== base) found.add(target);
    for (const below of Object.values(value)) waiting.push(below);
  }
  return found;
}
