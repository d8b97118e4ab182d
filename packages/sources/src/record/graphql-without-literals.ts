import { Kind, parse, print, visit } from 'graphql';
import type { Pseudonyms } from './pseudonym.ts';

/** A GraphQL document with its literals replaced by pseudonyms; empty if it cannot be parsed. */
export function withoutLiterals(text: string, names: Pseudonyms): string {
  try {
    const document = parse(text, { noLocation: true, maxTokens: 20_000 });
    return print(
      visit(document, {
        [Kind.STRING]: (node) => ({ ...node, value: names.string(node.value), block: false }),
        [Kind.INT]: (node) => ({ ...node, value: String(names.number(BigInt(node.value))) }),
        [Kind.FLOAT]: (node) => ({ ...node, value: String(names.number(Number(node.value))) }),
      }),
    );
  } catch {
    return '';
  }
}
