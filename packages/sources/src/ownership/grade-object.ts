import { compareText } from '../inventory/stats/counted.ts';
import type { ListEvidence } from './list-observations.ts';
import { addEvidence, type ObservedObject } from './observed-object.ts';
import type { CounterEvidence, ObservedPrincipal, Ownership } from './ownership.ts';
import { ANONYMOUS_CALLER } from './principals.ts';

export interface GradeContext {
  /** Digest of the object's id. */
  readonly digest: string;
  /** What the lists of identities show of the object. */
  readonly inLists: readonly ListEvidence[];
  readonly principals: ReadonlyMap<string, ObservedPrincipal>;
}

/** The ownership of one object: one for each identity with evidence, or one without an owner (O0). */
export function gradeObject(object: ObservedObject, context: GradeContext): readonly Ownership[] {
  for (const { caller, operation, where, alsoIn, missing } of context.inLists) {
    if (missing.length > 0 || alsoIn.length > 0) continue;
    addEvidence(object, caller, { grade: 2, because: 'only-in-own-list', operation, first: where });
  }
  const owners = object.evidence.size > 0 ? [...object.evidence.keys()].sort(compareText) : [undefined];
  return owners.map((owner) => ownershipOf(owner, object, context));
}

function ownershipOf(owner: string | undefined, object: ObservedObject, context: GradeContext): Ownership {
  const { digest, inLists, principals } = context;
  const evidence = owner === undefined ? [] : (object.evidence.get(owner) ?? []);
  const grade = Math.max(0, ...evidence.map((each) => each.grade)) as Ownership['grade'];
  const isDeclared = evidence.some((each) => each.grade === 1);
  const counter = [...sharedWith(owner, inLists), ...counterEvidenceOf(object, owner, principals)];
  const missing = inLists
    .filter(({ caller }) => caller === owner || owner === undefined)
    .flatMap((list) => list.missing);
  return {
    kind: object.kind,
    object: digest,
    shape: object.shape,
    owner,
    grade,
    evidence,
    counter,
    missing: [...new Set(missing)].sort(),
    provable:
      (grade === 3 || (grade === 2 && isDeclared)) &&
      !counter.some(({ type }) => type === 'shared' || type === 'public'),
  };
}

function sharedWith(owner: string | undefined, inLists: readonly ListEvidence[]): readonly CounterEvidence[] {
  return inLists
    .filter(({ caller }) => caller !== owner)
    .map(({ caller, operation, where }) => ({ type: 'shared', identity: caller, operation, first: where }));
}

/** Counter-evidence by the other callers that read the object. */
function counterEvidenceOf(
  object: ObservedObject,
  owner: string | undefined,
  principals: ReadonlyMap<string, ObservedPrincipal>,
): readonly CounterEvidence[] {
  const own = owner === undefined ? undefined : object.readers.get(owner);
  const tenant = owner === undefined ? undefined : principals.get(owner)?.tenant;
  return [...object.readers]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([identity, reader]): CounterEvidence[] => {
      if (identity === owner) return [];
      const at = { operation: reader.operation, first: reader.exchange.provenance };
      if (identity === ANONYMOUS_CALLER) {
        const sameProjection =
          owner === undefined || [...reader.projections].some((projection) => own?.projections.has(projection));
        return sameProjection ? [{ type: 'public', ...at }] : [];
      }
      const known = principals.get(identity);
      if (owner !== undefined && known?.supervises?.includes(owner)) return [{ type: 'ancestor', identity, ...at }];
      return tenant !== undefined && known?.tenant === tenant ? [{ type: 'same-tenant', identity, ...at }] : [];
    });
}
