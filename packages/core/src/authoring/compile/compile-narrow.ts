import type { Narrow } from '../../contract/compiled.ts';
import { type Compiling, listOf } from './compiling.ts';
import type { SourcePath } from '../read/document.ts';

/** Relations as written: one name, or a list. */
export type Relations = string | readonly string[];

/** Checks that every state and relation of a `narrow` is known. */
export function compileNarrow(
  compiling: Compiling,
  source: Readonly<Record<string, Relations>>,
  path: SourcePath,
): Narrow {
  const states = Object.keys(compiling.source.states ?? {});
  const narrow: Record<string, readonly string[]> = {};
  for (const [state, relations] of Object.entries(source)) {
    if (compiling.knows([...path, state], state, { what: 'state', words: states })) {
      narrow[state] = compileRelations(compiling, relations, [...path, state]);
    }
  }
  return narrow;
}

/** Checks that every relation is known. */
export function compileRelations(compiling: Compiling, source: Relations, path: SourcePath): readonly string[] {
  const list = listOf(source);
  for (const relation of list) compiling.knows(path, relation, { what: 'relation', words: compiling.relations() });
  return list;
}
