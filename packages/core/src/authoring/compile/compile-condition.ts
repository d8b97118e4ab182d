import type { Condition } from '../../contract/compiled.ts';
import { readCondition } from '../../contract/condition.ts';
import type { SourcePath } from '../read/document.ts';
import type { Compiling } from './compiling.ts';
import { mapValues } from './map-values.ts';

/** A CEL condition; an error at its place if it cannot be read. */
export function condition(compiling: Compiling, path: SourcePath, cel: string): Condition {
  try {
    return readCondition(cel);
  } catch (error) {
    const [message = 'not a condition'] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    compiling.error(path, `The condition: ${message}`, 'Conditions are CEL over principal, owner and object.');
    return { cel: 'false', reads: [] };
  }
}

/** The condition of a rule over objects: one for all resources, or one for each. */
export function objectCondition(
  compiling: Compiling,
  path: SourcePath,
  source: string | Readonly<Record<string, string>> | undefined,
): { object?: Record<string, Condition> } {
  if (source === undefined) return {};
  if (typeof source === 'string') return { object: { '*': condition(compiling, path, source) } };
  const names = Object.keys(compiling.source.resources ?? {});
  return {
    object: mapValues(source, (cel, name) => {
      compiling.knows([...path, name], name, { what: 'resource', words: names });
      return condition(compiling, [...path, name], cel);
    }),
  };
}
