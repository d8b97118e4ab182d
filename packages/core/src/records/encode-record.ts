import { encodeText } from '../wire/encode-text.ts';
import type { AccessRecord, LogRecord, TokenizedFacts } from './log-record.ts';

/** One record as JSON bytes for the log. Freezes the name lists of its facts: they are used as cache keys. */
export function encodeRecord(record: LogRecord): Uint8Array {
  return encodeText(record.type === 'access' ? accessText(record) : JSON.stringify(record));
}

function accessText({ facts, ...rest }: AccessRecord): string {
  let text = '';
  for (const each of facts) text += `${text && ','}${textWithoutTokens(each)},"tokens":${JSON.stringify(each.tokens)}}`;
  return `${JSON.stringify(rest).slice(0, -1)},"facts":[${text}]}`;
}

/** The bytes last written for these lists of names. */
interface Written {
  readonly facts: TokenizedFacts;
  readonly text: string;
}

/** By the list `seen`: equal rulings share their lists, so most facts differ only in their tokens. */
const written = new WeakMap<readonly string[], Written>();

/** All of them but the tokens and the last bracket. */
function textWithoutTokens(facts: TokenizedFacts): string {
  const before = written.get(facts.seen);
  if (before && isAlike(before.facts, facts)) return before.text;
  for (const names of [facts.relations, facts.states, facts.seen, facts.exposed, facts.withheld]) Object.freeze(names);
  const { tokens: _, ...rest } = facts;
  const text = JSON.stringify(rest).slice(0, -1);
  written.set(facts.seen, { facts: { ...rest, tokens: [] }, text });
  return text;
}

function isAlike(one: TokenizedFacts, other: TokenizedFacts): boolean {
  return (
    one.seen === other.seen &&
    one.withheld === other.withheld &&
    one.exposed === other.exposed &&
    one.relations === other.relations &&
    one.states === other.states &&
    one.resource === other.resource &&
    one.undeclared === other.undeclared &&
    one.owner === other.owner &&
    one.role === other.role &&
    one.about === other.about
  );
}
