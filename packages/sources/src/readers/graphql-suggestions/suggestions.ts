/** Something a GraphQL server gave away in an error message. */
export interface Suggestion {
  /** The type it belongs to; for an argument, the type of its field. */
  readonly type: string;
  readonly field: string;
  readonly argument?: string | undefined;
}

const Q = String.raw`\\{0,3}["'\u2018\u2019\u0060]`;
const NAME = String.raw`([A-Za-z_]\w{0,127})`;
const REFS = String.raw`[\w\s,.!\\"'\u2018\u2019\u0060]{0,600}?\?`;
const CANNOT_QUERY = new RegExp(
  `Cannot query field ${Q}\\w{1,128}${Q} on type ${Q}${NAME}${Q}\\.? {0,2}(Did you mean ${REFS})`,
  'g',
);
const UNKNOWN_ARGUMENT = new RegExp(
  `Unknown argument ${Q}\\w{1,128}${Q} on field ${Q}${NAME}\\.${NAME}${Q}(?: of type ${Q}\\w+${Q})?\\.? {0,2}(Did you mean ${REFS})`,
  'g',
);
const NOT_DEFINED = new RegExp(
  `Field ${Q}\\w{1,128}${Q} is not defined by type ${Q}${NAME}${Q}[.;]? {0,2}(Did you mean ${REFS})`,
  'gi',
);
const QUOTED = new RegExp(`${Q}([A-Za-z_]\\w{0,127})${Q}`, 'g');

/** True if a text may hold a suggestion; cheap. */
export function maySuggest(text: string): boolean {
  return text.includes('Did you mean ');
}

/**
 * Fields and arguments named by "Did you mean" messages in a text: a JSON body as it is, or one that was put into JSON again.
 * Suggestions of types ("Did you mean to use an inline fragment on …") name no field and are left out.
 */
export function suggestionsIn(text: string): Suggestion[] {
  if (!maySuggest(text)) return [];
  const found: Suggestion[] = [];
  for (const [, type, list] of text.matchAll(CANNOT_QUERY)) {
    if (list?.startsWith('Did you mean to use') !== true)
      for (const field of quoted(list)) found.push({ type: type ?? '', field });
  }
  for (const [, type, list] of text.matchAll(NOT_DEFINED)) {
    for (const field of quoted(list)) found.push({ type: type ?? '', field });
  }
  for (const [, type, field, list] of text.matchAll(UNKNOWN_ARGUMENT)) {
    for (const argument of quoted(list)) found.push({ type: type ?? '', field: field ?? '', argument });
  }
  return found;
}

function quoted(list: string | undefined): string[] {
  return [...(list ?? '').matchAll(QUOTED)].map((match) => match[1] ?? '');
}
