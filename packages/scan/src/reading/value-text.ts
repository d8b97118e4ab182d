import { idOf, type JsonNode, type JsonText, valueOf } from '@leakproof/core';

/**
 * What a value says, in texts that can be compared across protocols: a number and the string of its digits are the same.
 * One for each element of an array; none for null, for the empty string, and for what is empty.
 */
export function textsOf(json: JsonText, node: JsonNode): string[] {
  switch (node.type) {
    case 'null':
      return [];
    case 'array':
      return node.items.flatMap((item) => textsOf(json, item));
    case 'object':
      return node.members.length === 0 ? [] : [canonical(valueOf(json, node))];
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
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (typeof each === 'bigint') return String(each);
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
      const entries = Object.entries(each as Record<string, unknown>);
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }) ?? ''
  );
}

/** Whether two people are unlikely to share a value by chance: six characters, or five digits. */
export function isDistinctive(text: string): boolean {
  return /^-?[0-9.]+$/.test(text) ? text.replace(/[^0-9]/g, '').length >= 5 : text.length >= 6;
}
