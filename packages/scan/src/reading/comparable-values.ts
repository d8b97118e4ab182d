import { idOf, type JsonNode, type JsonText, valueOf } from '@leakproof/core';

/**
 * A JSON value as texts that can be compared across protocols: a number equals the string of its digits. One text for each
 * element of an array; none for null, the empty string and empty objects.
 */
export function comparableValues(json: JsonText, node: JsonNode): string[] {
  switch (node.type) {
    case 'null':
      return [];
    case 'array':
      return node.items.flatMap((item) => comparableValues(json, item));
    case 'object':
      return node.members.length === 0 ? [] : [canonicalJson(valueOf(json, node))];
    case 'string': {
      const text = idOf(json, node);
      return text === undefined ? [] : [text];
    }
    case 'number':
      return [idOf(json, node) ?? String(valueOf(json, node))];
    case 'true':
    case 'false':
      return [node.type];
  }
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (typeof each === 'bigint') return String(each);
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
      const entries = Object.entries(each as Record<string, unknown>);
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }) ?? ''
  );
}

/** Whether two people are unlikely to share the value by chance: at least six characters, or five digits. */
export function isDistinctive(value: string): boolean {
  return /^-?[0-9.]+$/.test(value) ? value.replace(/[^0-9]/g, '').length >= 5 : value.length >= 6;
}
