import { isObject } from '../wire/json-value.ts';
import { isUnfollowed, type LocatedValue, type Unfollowed } from './problem.ts';

/** Follows `$ref`s through the documents that were loaded. */
export interface References {
  /** The value itself, or the target of its `$ref`s; the reason if there is none. */
  follow(value: LocatedValue): LocatedValue | Unfollowed;
  /** The target of one `$ref`; undefined without a `$ref`. */
  step(value: LocatedValue): LocatedValue | Unfollowed | undefined;
}

/** The id of the document that the URI reference `path` in the document `from` names; undefined if it names none. */
export type Locate = (path: string, from: string) => string | undefined;

interface LoadedDocuments {
  readonly locate: Locate;
  /** The value of a document, and the id that references in it are relative to. */
  get(id: string): LocatedValue | undefined;
}

export function createReferences(documents: LoadedDocuments): References {
  const anchors = new Map<string, ReadonlyMap<string, unknown>>();
  const step = (from: LocatedValue): LocatedValue | Unfollowed | undefined => {
    const ref = isObject(from.value) ? from.value.$ref : undefined;
    if (typeof ref !== 'string') return undefined;
    const target = splitRef(ref, from.base, documents.locate);
    if (target === undefined) return { fault: 'ref-unresolved', ref, from };
    const document = documents.get(target.document);
    if (document === undefined) return { fault: 'ref-external', ref, from };
    const value =
      target.fragment.startsWith('/') || target.fragment === ''
        ? pointTo(document.value, target.fragment)
        : anchor(document, target.fragment);
    return value === undefined ? { fault: 'ref-unresolved', ref, from } : { value, base: document.base };
  };
  /** `$anchor` of JSON Schema 2020-12. */
  const anchor = ({ value, base }: LocatedValue, name: string): unknown => {
    const known = anchors.get(base) ?? anchorsIn(value);
    anchors.set(base, known);
    return known.get(name);
  };
  return {
    step,
    follow(start) {
      let current = start;
      const seen = new Set<unknown>();
      for (;;) {
        const target = step(current);
        if (target === undefined) return current;
        if (isUnfollowed(target)) return target;
        if (seen.has(current.value)) {
          const ref = isObject(current.value) ? String(current.value.$ref) : '';
          return { fault: 'ref-cycle', ref, from: current };
        }
        seen.add(current.value);
        current = target;
      }
    },
  };
}

/** A reference as a document and a fragment (a pointer, or an anchor); undefined if it is not a URI reference. */
export function splitRef(
  ref: string,
  base: string,
  locate: Locate,
): { readonly document: string; readonly fragment: string } | undefined {
  const hash = ref.indexOf('#');
  const path = hash < 0 ? ref : ref.slice(0, hash);
  const fragment = hash < 0 ? '' : ref.slice(hash + 1);
  const document = path === '' ? base : locate(path, base);
  return document === undefined ? undefined : { document, fragment };
}

/** The target of an RFC 6901 pointer, which may be percent-encoded as a URI fragment. */
function pointTo(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value = child(value, key) ?? child(value, decoded(key));
    if (value === undefined) return undefined;
  }
  return value;
}

function child(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return (value as unknown[])[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function anchorsIn(document: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const value of objectsIn(document)) {
    if (isObject(value) && typeof value.$anchor === 'string' && !found.has(value.$anchor))
      found.set(value.$anchor, value);
  }
  return found;
}

/** Every object and list of a document, which may have aliases and so circles. */
export function* objectsIn(document: unknown): Generator<object> {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [document];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    yield value;
    for (const below of Object.values(value) as unknown[]) if (below !== undefined) waiting.push(below);
  }
}
