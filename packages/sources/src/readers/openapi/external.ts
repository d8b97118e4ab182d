import { isObject } from '../../reading/json/json-shape.ts';
import { loadYaml } from '../../reading/yaml/load-yaml.ts';
import type { FetchRef } from '../../reading/reader.ts';
import type { Rejects } from '../../reading/rejects.ts';
import { absoluteRef } from './references.ts';

/** Documents fetched for one description at most; a chain of references has to end. */
const MAX_DOCUMENTS = 500;

/** The document at `base` and, if there is a `fetchRef`, all documents it leads to, by absolute URI. */
export async function loadReferenced(
  base: string,
  document: unknown,
  fetchRef: FetchRef | undefined,
  rejects: Rejects,
): Promise<ReadonlyMap<string, unknown>> {
  const documents = new Map<string, unknown>([[base, document]]);
  if (fetchRef === undefined) return documents;
  const asked = new Set([base]);
  const waiting = [base];
  for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) {
    for (const uri of outsideRefs(documents.get(from), from)) {
      if (asked.has(uri) || asked.size > MAX_DOCUMENTS) continue;
      asked.add(uri);
      const bytes = await fetchRef(uri, from).catch(() => undefined);
      const value = bytes === undefined ? undefined : loadYaml(Buffer.from(bytes).toString(), rejects);
      if (value === undefined) continue;
      documents.set(uri, value);
      waiting.push(uri);
    }
  }
  return documents;
}

function outsideRefs(document: unknown, base: string): Set<string> {
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
