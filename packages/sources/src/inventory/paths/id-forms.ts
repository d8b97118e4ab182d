import type { StringShape } from '../stats/value-shape.ts';

/**
 * Segments at one place of a path that are ids by their shape and that a description may still declare as text (`/1.0/users`) or as a
 * pattern (`/{id}:cancel`): by form. Descriptions may be read after the traffic, so the first few texts are kept.
 */
export type IdForms<Node> = Map<string, IdForm<Node>>;

/** `texts` until there are more than the limit; then all of them are in `rest`. */
export interface IdForm<Node> {
  readonly texts: Map<string, Node>;
  rest: Node | undefined;
}

/** Distinct texts of one form, and distinct forms, that are kept apart at one place. */
export const FORM_LIMITS = { texts: 8, forms: 256 } as const;

/** Shapes in which nobody declares text. */
const WITHOUT_TEXT: ReadonlySet<StringShape> = new Set([
  'uuid',
  'jwt',
  'ulid',
  'object-id',
  'hex',
  'global-id',
  'email',
]);

/** What stands for a part of an id in its form. No path has it as text. */
const PART = '#';

/**
 * An id with every part that has a digit as `#`: `7:cancel` is `#:cancel`, `40.1,-8.5` is `#.#,-#.#`. Undefined for shapes in which
 * nobody declares text.
 */
export function formOf(text: string, shape: StringShape): string | undefined {
  if (WITHOUT_TEXT.has(shape)) return undefined;
  return text.replaceAll(/[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*/gu, PART);
}

export function newIdForm<Node>(): IdForm<Node> {
  return { texts: new Map(), rest: undefined };
}
