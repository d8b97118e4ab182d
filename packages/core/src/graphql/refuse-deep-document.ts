import { Lexer, Source, TokenKind } from 'graphql';
import { LeakproofError } from '../errors.ts';

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a document whose brackets nest deeper than `maxDepth`, or that has more than `maxTokens`, before a parser that
 * recurses sees it. Throws LP-QUERY-INVALID, and the lexer's own GraphQLError.
 */
export function refuseDeepDocument(
  text: string,
  limits: { readonly maxDepth: number; readonly maxTokens: number },
): void {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  let tokens = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (OPENING.has(token.kind)) depth++;
    if (CLOSING.has(token.kind)) depth--;
    if (depth > limits.maxDepth)
      throw new LeakproofError('LP-QUERY-INVALID', `Brackets nest deeper than ${limits.maxDepth}.`);
    if (++tokens > limits.maxTokens)
      throw new LeakproofError('LP-QUERY-INVALID', `The document has more than ${limits.maxTokens} tokens.`);
  }
}
