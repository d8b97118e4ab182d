import { CLASSES } from './classes.ts';
import type { DataClass } from './data-class.ts';

/** Words that make a word of a class something else: a page token, the hash of a commit, the number of e-mails. */
const NOT_PERSONAL =
  /(?:^| )(?:page|next|prev|previous|cursor|continuation|csrf|xsrf|count|total|max|min|limit|file|content|cache|format|template|verified|enabled|is|has|hide|show) /;
const PERSON =
  /(?:^| )(?:user|owner|author|customer|person|member|patient|employee|contact|student|guest|client|profile|account|sender|recipient|follower)s?(?: |$)/;
const PASSWORD_HASH = /^(?:\$2[abxy]\$|\$argon2|\$scrypt|\$5\$|\$6\$|pbkdf2[_:$]|\{SSHA\}|bcrypt[_:$])/;

export interface FieldNames {
  readonly name: string;
  /** What the object is called that has the field. */
  readonly of: string;
  /** Shapes of its values (`shapeOfValue`), with `password-hash`. */
  readonly shapes: Iterable<string>;
}

/** The class of a field; undefined if neither its name nor its values look personal. */
export function classify({ name, of, shapes }: FieldNames): DataClass | undefined {
  const seen = new Set(shapes);
  const words = wordsOf(name);
  const isText = [...seen].some((shape) => shape !== 'true-false' && shape !== 'null');
  const byShape = CLASSES.find((each) => each.byShape?.some((shape) => seen.has(shape)));
  if (byShape) return byShape;
  if (seen.size > 0 && !isText) return undefined;
  if (NOT_PERSONAL.test(`${words} `)) return undefined;
  return CLASSES.find(
    ({ words: pattern, ofPersonOnly }) => pattern.test(words) && (!ofPersonOnly || PERSON.test(wordsOf(of))),
  );
}

/** Whether a string is the hash of a password, by its prefix. */
export const isPasswordHash = (value: string): boolean => PASSWORD_HASH.test(value);

/** `dateOfBirth`, `date_of_birth` and `date-of-birth` → `date of birth`. */
export function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}
