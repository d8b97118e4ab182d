import { isObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';

/** A value with the URI of its document, which references in it are relative to. */
export interface LocatedValue {
  readonly value: unknown;
  readonly base: string;
}

/** Follows `$ref`s through the documents that were loaded. */
export interface References {
  /** The value itself, or the target of its `$ref`s; the reason if there is none. */
  follow(value: LocatedValue): LocatedValue | RejectCode;
}

/** `documents` by absolute URI without fragment. */
export function createReferences(documents: ReadonlyMap<string, unknown>): References {
  return {
    follow(start) {
      let current = start;
      const seen = new Set<string>();
      for (;;) {
        const { value, base } = current;
        const ref = isObject(value) ? value.$ref : undefined;
        if (typeof ref !== 'string') return current;
        const target = absoluteRef(ref, base);
        if (target === undefined) return 'ref-unresolved';
        const key = `${target.document}#${target.pointer}`;
        if (seen.has(key)) return 'ref-cycle';
        seen.add(key);
        const document = documents.get(target.document);
        if (document === undefined) return 'ref-external';
        const found = pointTo(document, target.pointer);
        if (found === undefined) return 'ref-unresolved';
        current = { value: found, base: target.document };
      }
    },
  };
}

/** A reference as the URI of a document and a pointer; undefined if it is not a URI reference. */
export function absoluteRef(ref: string, base: string): { document: string; pointer: string } | undefined {
  const hash = ref.indexOf('#');
  const path = hash < 0 ? ref : ref.slice(0, hash);
  const pointer = hash < 0 ? '' : ref.slice(hash + 1);
  if (path === '') return { document: base, pointer };
  const url = URL.parse(path, base);
  return url === null ? undefined : { document: url.href, pointer };
}

/** The target of an RFC 6901 pointer, which may be percent-encoded as a URI fragment. */
function pointTo(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
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
