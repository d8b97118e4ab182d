import { LeakproofError } from '@leakproof/core';
import { parseDocument } from 'yaml';
import type { Answer } from './answer.ts';

/** More lines than anybody was asked. */
const MAX_LINES = 200;
const MAX_CHARS = 100_000;
const WORD = /^[A-Za-z_][\w.-]{0,99}$/;
const FIX = 'Write lines like "User.contact: self" or "User.location: member, narrowed by is_private to self".';

/**
 * Reads an answers file: YAML or JSON, `RESOURCE.CLASS: WHO[, narrowed by [not ]FLAG [to WHO]]`, where WHO is anyone, member, self,
 * colleague, nobody, or several joined by `or`. Throws LP-ANSWERS-INVALID.
 */
export function readAnswers(text: string, file?: string): Answer[] {
  const fail = (detail: string): never => {
    throw new LeakproofError('LP-ANSWERS-INVALID', detail, { where: { file }, fix: FIX });
  };
  if (text.length > MAX_CHARS) return fail(`The answers are longer than ${MAX_CHARS} characters.`);
  const entries = Object.entries(parsed(text, fail));
  if (entries.length > MAX_LINES) return fail(`There are more than ${MAX_LINES} answers.`);
  return entries.map(([about, says]) => {
    if (!WORD.test(about)) return fail(`"${about.slice(0, 60)}" is no resource, class or field.`);
    if (typeof says !== 'string') return fail(`The answer to "${about}" is not a text.`);
    return readAnswer(about, says) ?? fail(`The answer to "${about}" could not be read: "${says.slice(0, 80)}".`);
  });
}

function parsed(text: string, fail: (detail: string) => never): Record<string, unknown> {
  let value: unknown;
  try {
    const document = parseDocument(text, { maxAliasCount: 0 } as never);
    if (document.errors.length > 0) return fail('The answers are not YAML.');
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return fail('The answers are not YAML.');
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    return fail('The answers are not a list of names with answers.');
  return value as Record<string, unknown>;
}

/** One answer as written; undefined if it says nothing that is understood. */
export function readAnswer(about: string, says: string): Answer | undefined {
  const [, who = '', not, flag, to] =
    /^([\w\s.-]+?)(?:,? narrowed by (not )?([\w.-]+)(?: to ([\w\s.-]+))?)?$/.exec(says.trim()) ?? [];
  const see = relationsIn(who);
  if (!see) return undefined;
  if (flag === undefined) return { about, see };
  const left = to === undefined ? ['self'] : relationsIn(to);
  return left && { about, see, narrow: { flag, not: not !== undefined, to: left } };
}

function relationsIn(text: string): string[] | undefined {
  const words = text.trim().split(/\s+or\s+/);
  return words.every((word) => WORD.test(word))
    ? words.map((word) => (word === 'tenant' ? 'colleague' : word))
    : undefined;
}
