import { isObject, listOf, textOf } from '../../reading/json/json-shape.ts';

/** Replaces `{{name}}` by values. */
export interface Variables {
  readonly fill: (text: string) => string;
  /** Number of names without a value since the last call. */
  takeUnset(): number;
}

/** A value may contain other variables; the limit ends a cycle. */
const MAX_ROUNDS = 5;
const MAX_LENGTH = 1_048_576;

/** `given` takes precedence over the collection. Postman's dynamic variables, such as `{{$guid}}`, have no value. */
export function createVariables(declared: unknown, given: Readonly<Record<string, string>> = {}): Variables {
  const values = new Map<string, string>();
  for (const variable of listOf(declared)) {
    if (!isObject(variable) || variable.disabled === true) continue;
    const name = textOf(variable.key) ?? textOf(variable.id);
    const value = textOf(variable.value);
    if (name !== undefined && value !== undefined && value !== '') values.set(name, value);
  }
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  let unset = 0;
  return {
    fill(text) {
      let filled = text;
      for (let round = 0; round < MAX_ROUNDS && filled.includes('{{') && filled.length < MAX_LENGTH; round += 1) {
        const next = filled.replaceAll(
          /\{\{([^{}]{1,256})\}\}/g,
          (whole, name: string) => values.get(name.trim()) ?? whole,
        );
        if (next === filled) break;
        filled = next;
      }
      unset += filled.match(/\{\{[^{}]{1,256}\}\}/g)?.length ?? 0;
      return filled;
    },
    takeUnset() {
      const count = unset;
      unset = 0;
      return count;
    },
  };
}
