/** One parameter, body property or GraphQL argument to be filled with a value. */
export interface Slot {
  readonly in: 'path' | 'query' | 'header' | 'body' | 'argument';
  readonly name: string;
  /** What it probably identifies, such as `workout id` for `/api/workout/{id}`. Only decides which values are tried first. */
  readonly hint: string;
  readonly isList: boolean;
  /** It must name the caller: only the own id of an identity is its own input. */
  readonly isPrincipal?: true | undefined;
}

/** The slots that together make one request. */
export type Recipe = readonly Slot[];
