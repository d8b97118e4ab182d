import type { Provenance } from '@leakproof/core';
import type { DeclaredField, DeclaredOperation, DeclaredSecurity } from '../reading/declared-operation.ts';
import { compareText } from './stats/counted.ts';
import { looksPersonal } from './personal-names.ts';

/**
 * Whether a description demands a credential. `none`: it says that none is needed. `not-declared`: it could say and does not.
 * `unknown`: its format cannot say (GraphQL).
 */
export type SecurityRequirement = 'required' | 'none' | 'not-declared' | 'unknown';

/** A declared operation: what it takes, what it returns, and whether it demands a credential. */
export interface DeclaredSummary {
  readonly name: string;
  readonly declared: Provenance;
  /** It is in the traffic too. */
  readonly isSeen: boolean;
  readonly security: SecurityRequirement;
  /** `{id}`, `?page`, `header x-key`, `body /name`. */
  readonly takes: readonly string[];
  /** Pointers of the properties of successful responses, without objects and lists. */
  readonly returns: readonly string[];
  /** Those of `returns` that look personal by name, or that the description classifies. */
  readonly personal: readonly string[];
}

export function summarize(operation: DeclaredOperation, isSeen: boolean): DeclaredSummary {
  const fields = returnedFields(operation);
  return {
    name: operation.name,
    declared: operation.provenance,
    isSeen,
    security: operation.protocol === 'graphql' ? 'unknown' : requirementOf(operation.security),
    takes: takenBy(operation),
    returns: pointersOf(fields),
    personal: pointersOf(
      fields.filter(({ pointer, classification }) => classification !== undefined || looksPersonal(pointer)),
    ),
  };
}

function requirementOf(security: DeclaredSecurity): SecurityRequirement {
  if (security === undefined) return 'not-declared';
  return security.length === 0 || security.some((set) => set.length === 0) ? 'none' : 'required';
}

function takenBy({ parameters, request }: DeclaredOperation): readonly string[] {
  const named = parameters.map(({ in: place, name }) => {
    if (place === 'path') return `{${name}}`;
    if (place === 'query') return `?${name}`;
    return place === 'argument' ? name : `${place} ${name}`;
  });
  return [...named, ...pointersOf(request.flatMap(({ fields }) => leaves(fields))).map((pointer) => `body ${pointer}`)];
}

function returnedFields({ responses }: DeclaredOperation): readonly DeclaredField[] {
  const successful = responses.filter(({ status }) => /^2|^default$/i.test(status));
  const bodies = (successful.length > 0 ? successful : responses.slice(0, 1)).flatMap((response) => response.bodies);
  return bodies.flatMap(({ fields }) => {
    const hidden = fields.filter(({ writeOnly }) => writeOnly === true);
    const classified = fields.filter(({ classification }) => classification !== undefined);
    return leaves(fields)
      .filter((field) => !hidden.some((each) => contains(each, field)))
      .map((field) => ({
        ...field,
        classification: classified.find((each) => contains(each, field))?.classification,
      }));
  });
}

const contains = (outer: DeclaredField, inner: DeclaredField): boolean =>
  `${inner.pointer}/`.startsWith(`${outer.pointer}/`);

/** Fields that contain no other declared field. */
function leaves(fields: readonly DeclaredField[]): readonly DeclaredField[] {
  const parents = new Set(fields.map(({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/'))));
  return fields.filter(({ pointer }) => pointer !== '' && !parents.has(pointer));
}

const pointersOf = (fields: readonly DeclaredField[]): readonly string[] =>
  [...new Set(fields.map(({ pointer }) => pointer))].sort(compareText);
