import type { Exchange } from '@leakproof/core';
import type { Inventory } from '@leakproof/sources';
import { classify } from '../classify/classify.ts';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import { foldPaths, identifyingValues } from '../evidence/fold-paths.ts';
import { isLogin } from '../evidence/is-login.ts';
import { compareText, isSuccess, observeCalls, type ObservedCall } from '../evidence/observed-call.ts';
import { queryResults } from '../evidence/query-results.ts';
import { addValue, formOf, newPlace, type Place, placesBelow, pointerOf } from '../evidence/value-tree.ts';
import { groupBy } from '../group-by.ts';

/** A field that looks personal, by its pointer in the answer; `*` is any element. */
export interface PersonalField {
  readonly pointer: string;
  readonly class: string;
  /** 1 to 5. */
  readonly severity: number;
}

export interface OpenOperation {
  readonly name: string;
  /** Answers of 2xx to callers without a login. */
  readonly answers: number;
  /** The most objects with such a field: many are a list of people. */
  readonly objects: number;
  readonly fields: readonly PersonalField[];
}

export interface DeclaredOpen {
  readonly name: string;
  /** `none`: the description says that no credential is needed; `not-declared`: it could say and does not. */
  readonly security: 'none' | 'not-declared';
  /** Pointers of the fields that look personal. */
  readonly personal: readonly string[];
}

/** What can be told without any identity. Names and counts, no value; what looks personal by its name may be something else. */
export interface FirstLook {
  /** Operations that gave callers without a login fields that look personal, the gravest first. */
  readonly open: readonly OpenOperation[];
  /** Operations that return such fields and, by their description, need no login, or leave that open. */
  readonly declaredOpen: readonly DeclaredOpen[];
  /** Operations that nobody without a login was seen to try, with an answer: nothing can be said of them. */
  readonly notAsked: readonly string[];
  /** Exchanges with an answer to callers without a login; of all others nothing is in `open`. */
  readonly anonymous: number;
  /** Exchanges whose caller is not known: the capture may have lost its credentials. */
  readonly unknown: number;
}

/** The first look at an API, by its traffic and its descriptions: no contract and no identity is needed. Pure; never throws. */
export function firstLook(exchanges: readonly Exchange[], inventory: Inventory): FirstLook {
  const { declared } = inventory;
  const observed = observeCalls(exchanges, inventory);
  const unfolded = observed.filter(({ isGraphql }) => !isGraphql);
  const queries = observed.filter(({ isGraphql, status }) => isGraphql && status > 0).flatMap(queryResults);
  const names = new Set(declared.map(({ name }) => name));
  const calls = [...foldPaths(unfolded, { values: identifyingValues(unfolded, []), declared: names }), ...queries];
  const anonymous = calls.filter((call) => isAnonymous(call) && call.status > 0);
  const asked = new Set([...anonymous, ...queries.filter(isAnonymous)].map(({ operation }) => operation));
  const open = [
    ...groupBy(
      anonymous.filter((call) => isSuccess(call) && !isLogin(call)),
      ({ operation }) => operation,
    ),
  ];
  const known = new Set([
    ...names,
    ...[...calls.filter(({ status }) => status > 0 && status !== 404), ...queries].map(({ operation }) => operation),
  ]);
  return {
    open: open.flatMap(([name, given]) => openOperation(name, given) ?? []).sort(byGravity),
    declaredOpen: declared.flatMap(({ name, security, personal }) =>
      personal.length > 0 && (security === 'none' || security === 'not-declared') ? [{ name, security, personal }] : [],
    ),
    notAsked: [...known].filter((name) => !asked.has(name)).sort(compareText),
    anonymous: observed.filter((call) => isAnonymous(call) && call.status > 0).length,
    unknown: observed.filter(({ caller }) => caller === undefined).length,
  };
}

const isAnonymous = ({ caller }: ObservedCall): boolean => caller === ANONYMOUS_CALLER;

function openOperation(name: string, calls: readonly ObservedCall[]): OpenOperation | undefined {
  const root = newPlace(name, []);
  for (const call of calls) if (call.kind === 'json') addValue(root, call.value, call);
  let objects = 0;
  const fields: PersonalField[] = [];
  const visit = (place: Place): void => {
    for (const [field, below] of place.members) {
      const found =
        formOf(below) === 'plain' ? classify({ name: field, of: nameOf(place), shapes: below.shapes }) : undefined;
      if (!found) continue;
      objects = Math.max(objects, place.objects.length);
      fields.push({ pointer: pointerOf(below), class: found.name, severity: found.severity });
    }
  };
  for (const place of placesBelow(root)) visit(place);
  if (fields.length === 0) return undefined;
  return {
    name,
    answers: calls.length,
    objects,
    fields: fields.sort((a, b) => b.severity - a.severity || compareText(a.pointer, b.pointer)),
  };
}

/** What the objects of a place are called: by the member that they are in, else by the path. */
const nameOf = ({ operation, steps }: Place): string =>
  steps.findLast((step) => step !== '*') ??
  operation
    .replace(/^Query\./, '')
    .split('/')
    .findLast((step) => step !== '' && !step.includes('{')) ??
  '';

const byGravity = (a: OpenOperation, b: OpenOperation): number =>
  (b.fields[0]?.severity ?? 0) - (a.fields[0]?.severity ?? 0) || b.objects - a.objects || compareText(a.name, b.name);
