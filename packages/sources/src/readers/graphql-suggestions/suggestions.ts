/** A field or argument that an error message of a GraphQL server discloses. */
export interface Suggestion {
  /** The type of the field; for an argument, that of the argument's field. */
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

/** A fast test; true if a text may contain a suggestion. */
export function maySuggest(text: string): boolean {
  return text.includes('Did you mean ');
}

/**
 * Fields and arguments in "Did you mean" messages of a text: a JSON body, or one inside a JSON string. Suggestions of types ("Did you
 * mean to use an inline fragment on …") contain no field and are left out.
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
