import { type Operation, parametersOf } from '@leakproof/core';
import type { Constants } from './read-operation.ts';
import type { Recipe, Slot } from './slot.ts';

/** The ways to fill the parameters and body properties of a REST operation that have no constant, in the order they are tried. */
export function restRecipes(operation: Operation, constants: Constants): Recipe[] {
  const { template = [], parameters } = operation;
  const path = template.flatMap((segment, index): Slot[] => {
    const before = template[index - 1];
    const around = before && 'literal' in before ? singular(before.literal) : '';
    return parametersOf([segment])
      .filter((name) => !(`path.${name}` in constants))
      .map((name) => {
        const place = { in: 'path', name } as const;
        return { ...place, hint: `${around} ${name}`, isList: false, ...principalOf(place, parameters) };
      });
  });
  const isNeeded = (slot: Slot): boolean =>
    parameters.some((each) => each.isPrincipal && !each.optional && each.in === slot.in && each.name === slot.name);
  const others = filterSlots(operation, constants);
  const always = [...path, ...others.filter(isNeeded)];
  const body = others.filter((slot) => slot.in === 'body' && !isNeeded(slot)).flatMap(asListToo);
  if (body.length > 0) return body.map((slot) => [...always, slot]);
  if (always.length > 0) return [always];
  return [[], ...others.filter((slot) => slot.in === 'query').map((slot) => [slot])];
}

/** A body property whose name is no plural may still be a list. */
const asListToo = (slot: Slot): Slot[] => (slot.isList ? [slot] : [slot, { ...slot, isList: true }]);

type Inputs = Pick<Operation, 'template' | 'parameters' | 'accepts' | 'method'>;

/** The parameters and body properties that have no constant and can be sent besides others: none is part of the path. */
export function filterSlots(operation: Inputs, constants: Constants): Slot[] {
  const { template = [], parameters } = operation;
  return [...parameterSlots({ parameters, about: aboutOf(template) }, constants), ...bodySlots(operation, constants)];
}

/** The properties of the body, those with a plural name as lists. */
function bodySlots({ template = [], parameters, accepts = [], method }: Inputs, constants: Constants): Slot[] {
  const about = aboutOf(template);
  const names = method === 'GET' ? [] : [...new Set(accepts.flatMap((name) => namesBelow(name, parameters)))];
  return names.flatMap((name): Slot[] => {
    const place = { in: 'body', name } as const;
    if (`body.${name}` in constants) return [];
    const hint = `${about} ${singular(name)}`;
    return [{ ...place, hint, isList: name.endsWith('s'), ...principalOf(place, parameters) }];
  });
}

/** A property that contains the name of the caller is sent as an object with it: `user.id` for `user`. */
function namesBelow(name: string, parameters: Operation['parameters']): string[] {
  const below = parameters.filter((each) => each.in === 'body' && each.name.startsWith(`${name}.`));
  return below.length > 0 ? below.map((each) => each.name) : [name];
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

/** The last word of a path: `user` for `/users/{id}` and `/users/`. */
function aboutOf(template: NonNullable<Operation['template']>): string {
  const last = template.findLast((segment) => 'literal' in segment && segment.literal !== '');
  return last && 'literal' in last ? singular(last.literal) : '';
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');
