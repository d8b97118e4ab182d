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
    const place = { in: 'path', name: part.parameter } as const;
    return [{ ...place, hint: `${around} ${part.parameter}`, isList: false, ...principalOf(place, parameters) }];
  });
  const about = aboutOf(template);
  const needed = parameterSlots({ parameters, about }, constants).filter(({ name, in: place }) =>
    parameters.some((each) => each.isPrincipal && !each.optional && each.in === place && each.name === name),
  );
  const body = (method === 'GET' ? [] : accepts).flatMap((name): Slot[] => {
    if (`body.${name}` in constants) return [];
    const place = { in: 'body', name } as const;
    const slot = { ...place, hint: `${about} ${singular(name)}`, ...principalOf(place, parameters) };
    return name.endsWith('s')
      ? [{ ...slot, isList: true }]
      : [
          { ...slot, isList: false },
          { ...slot, isList: true },
        ];
  });
  const always = [...path, ...needed];
  if (body.length > 0) return body.map((slot) => [...always, slot]);
  if (always.length > 0) return [always];
  return [[], ...filterSlots({ template, parameters }, constants).map((slot) => [slot])];
}

/** The query parameters that have no constant. */
export function filterSlots(
  { template = [], parameters }: Pick<Operation, 'template' | 'parameters'>,
  constants: Constants,
): Slot[] {
  return parameterSlots({ parameters, about: aboutOf(template) }, constants).filter((slot) => slot.in === 'query');
}

interface Parameters {
  readonly parameters: Operation['parameters'];
  readonly about: string;
}

function parameterSlots({ parameters, about }: Parameters, constants: Constants): Slot[] {
  return parameters.flatMap(({ in: place, name }): Slot[] => {
    if ((place !== 'query' && place !== 'header') || `${place}.${name}` in constants) return [];
    const hint = `${about} ${singular(name)}`;
    return [{ in: place, name, hint, isList: false, ...principalOf({ in: place, name }, parameters) }];
  });
}

function principalOf(
  { in: place, name }: Pick<Slot, 'in' | 'name'>,
  parameters: Operation['parameters'],
): Pick<Slot, 'isPrincipal'> {
  const isPrincipal = parameters.some((each) => each.isPrincipal && each.in === place && each.name === name);
  return isPrincipal ? { isPrincipal } : {};
}

/** The last word of a path: `user` for `/users/{id}`. */
function aboutOf(template: NonNullable<Operation['template']>): string {
  const last = template.findLast((part) => 'literal' in part);
  return last && 'literal' in last ? singular(last.literal) : '';
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');
