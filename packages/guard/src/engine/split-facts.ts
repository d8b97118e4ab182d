import type { TokenizedFacts } from '@leakproof/core';

/**
 * Most estimated bytes of names, and of tokens, in one record: together far below what the log accepts (16 MiB). A group with
 * longer names has a record of its own.
 */
const MAX_BYTES = 4 * 1024 * 1024;
/** A character of a name or token is written as so many bytes at most: JSON escapes it, or UTF-8 does. */
const BYTES_PER_CHARACTER = 6;
/** Keys, brackets and numbers of one group. */
const BYTES_PER_GROUP = 200;

/**
 * Splits the facts of a response into parts, in order, each small enough for one record of the log; a larger group is split.
 * Returns at least one part.
 */
export function splitFacts(groups: readonly TokenizedFacts[]): readonly (readonly TokenizedFacts[])[] {
  return fits(groups) ? [groups] : split(groups);
}

function fits(groups: readonly TokenizedFacts[]): boolean {
  let bytes = 0;
  for (const group of groups) {
    bytes += bytesOfNames(group);
    for (const token of group.tokens) bytes += bytesOf(token);
  }
  return bytes <= MAX_BYTES;
}

function split(groups: readonly TokenizedFacts[]): readonly (readonly TokenizedFacts[])[] {
  let part: TokenizedFacts[] = [];
  const parts = [part];
  let nameBytes = 0;
  let tokenBytes = 0;
  const next = (): void => {
    parts.push((part = []));
    nameBytes = 0;
    tokenBytes = 0;
  };
  for (const group of groups) {
    const ownBytes = bytesOfNames(group);
    if (nameBytes + ownBytes > MAX_BYTES && part.length > 0) next();
    nameBytes += ownBytes;
    let from = 0;
    for (const [at, token] of group.tokens.entries()) {
      tokenBytes += bytesOf(token);
      if (tokenBytes <= MAX_BYTES || (at === from && part.length === 0)) continue;
      if (at > from) part.push({ ...group, tokens: group.tokens.slice(from, at) });
      next();
      nameBytes = ownBytes;
      tokenBytes = bytesOf(token);
      from = at;
    }
    part.push(from === 0 ? group : { ...group, tokens: group.tokens.slice(from) });
  }
  return parts;
}

function bytesOfNames({
  owner,
  role = '',
  resource,
  relations,
  states,
  seen,
  exposed,
  withheld,
}: TokenizedFacts): number {
  let bytes = BYTES_PER_GROUP + bytesOf(owner) + bytesOf(role) + bytesOf(resource);
  for (const names of [relations, states, seen, exposed, withheld]) for (const name of names) bytes += bytesOf(name);
  return bytes;
}

function bytesOf(text: string): number {
  return text.length * BYTES_PER_CHARACTER + 3;
}
