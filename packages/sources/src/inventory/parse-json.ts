/** `value`: with integers beyond 2^53 as `bigint`, so that ids are not rounded. */
export type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

type ReviverWithSource = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Never throws. The reviver that keeps integers exact is used only if the text contains 16 digits in a row. */
export function parseJsonExactly(text: string): ParsedJson {
  try {
    if (!/\d{16}/.test(text)) return { ok: true, value: JSON.parse(text) as unknown };
    return { ok: true, value: JSON.parse(text, keepExact as (key: string, value: unknown) => unknown) as unknown };
  } catch {
    return { ok: false };
  }
}

const keepExact: ReviverWithSource = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
};
