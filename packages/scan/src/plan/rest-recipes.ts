import type { Operation } from '@leakproof/core';
import type { Constants } from './read-operation.ts';
import type { Recipe, Slot } from './slot.ts';

/** The ways to fill the parameters and body properties of a REST operation that have no constant, in the order they are tried. */
export function restRecipes(
  { template = [], parameters, accepts = [], method }: Operation,
  constants: Constants,
): Recipe[] {
  const path = template.flatMap((part, index): Slot[] => {
    if (!('parameter' in part) || `path.${part.parameter}` in constants) return [];
    const before = template[index - 1];
    const around = before && 'literal' in before ? singular(before.literal) : '';
    return [{ in: 'path', name: part.parameter, hint: `${around} ${part.parameter}`, isList: false }];
  });
  const about = aboutOf(template);
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
  const query = querySlots(parameters, constants, about);
  if (path.length === 0) return [path, ...query.map((slot) => [slot])];
  const namesCaller = ({ name }: Slot): boolean => parameters.some((each) => each.isPrincipal && each.name === name);
  return [path, ...query.filter(namesCaller).map((slot) => [...path, slot])];
}

/** The query parameters that have no constant. */
export function filterSlots({ template = [], parameters }: Operation, constants: Constants): Slot[] {
  return querySlots(parameters, constants, aboutOf(template));
}

function querySlots(parameters: Operation['parameters'], constants: Constants, about: string): Slot[] {
  return parameters
    .filter((parameter) => parameter.in === 'query' && !(`query.${parameter.name}` in constants))
    .map(({ name }): Slot => ({ in: 'query', name, hint: `${about} ${singular(name)}`, isList: false }));
}

/** The last word of a path: `user` for `/users/{id}`. */
function aboutOf(template: NonNullable<Operation['template']>): string {
  const last = template.findLast((part) => 'literal' in part);
  return last && 'literal' in last ? singular(last.literal) : '';
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');
