import { type Operation, parametersOf } from '@leakproof/core';
import type { Constants } from './read-operation.ts';
import type { Recipe, Slot } from './slot.ts';

/** The ways to fill the parameters and body properties of a REST operation that have no constant, in the order they are tried. */
export function restRecipes(
  { template = [], parameters, accepts = [], method }: Operation,
  constants: Constants,
): Recipe[] {
  const path = template.flatMap((segment, index): Slot[] => {
    const before = template[index - 1];
    const around = before && 'literal' in before ? singular(before.literal) : '';
    return parametersOf([segment])
      .filter((name) => !(`path.${name}` in constants))
      .map((name) => ({ in: 'path', name, hint: `${around} ${name}`, isList: false }));
  });
  const last = template.findLast((part) => 'literal' in part);
  const about = last && 'literal' in last ? singular(last.literal) : '';
  const body = (method === 'GET' ? [] : accepts).flatMap((name): Slot[] => {
    if (`body.${name}` in constants) return [];
    const slot = { in: 'body', name, hint: `${about} ${singular(name)}` } as const;
    return name.endsWith('s')
      ? [{ ...slot, isList: true }]
      : [
          { ...slot, isList: false },
          { ...slot, isList: true },
        ];
  });
  if (body.length > 0) return body.map((slot) => [...path, slot]);
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && !(`query.${parameter.name}` in constants))
    .map(({ name }): Slot => ({ in: 'query', name, hint: `${about} ${singular(name)}`, isList: false }));
  return [path, ...(path.length === 0 ? query.map((slot) => [slot]) : [])];
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');
