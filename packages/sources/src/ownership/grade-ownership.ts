import { createHmac } from 'node:crypto';
import type { Exchange } from '@leakproof/core';
import { compareText } from '../inventory/stats/counted.ts';
import type { OperationMatcher } from '../inventory/paths/operation-matcher.ts';
import { readExchange } from '../inventory/read-exchange.ts';
import { shapeOfString, type StringShape } from '../inventory/stats/value-shape.ts';
import { consumedValues } from '../flow/flow-values.ts';
import { bitsOf } from '../flow/value-bits.ts';
import { enumerations } from './enumerations.ts';
import { declaredOwners, isCreation, isReadBack } from './claims-to-own.ts';
import { listEnd } from './list-end.ts';
import { nameList } from './name-list.ts';
import { objectsIn, type ObjectFound } from './objects-in.ts';
import type { CounterEvidence, GradeEvidence, ObservedPrincipal, Ownership, OwnershipReport } from './ownership.ts';
import { ANONYMOUS_CALLER, callerName, learnPrincipals } from './principals.ts';

export interface GradeOptions {
  /** Key of the objects' digests. */
  readonly key: Uint8Array;
  readonly operationOf: OperationMatcher;
  /** By identity. What bearer tokens claim of their own callers is added. */
  readonly principals?: Readonly<Record<string, ObservedPrincipal>> | undefined;
  /** Which origins share their ids. Default: each its own. */
  readonly idSpaceOf?: ((origin: string) => string) | undefined;
}

interface Subject {
  readonly kind: string;
  readonly shape: StringShape;
  readonly evidence: Map<string, GradeEvidence[]>;
  /** Projection (names of properties) by caller, with where it was seen. */
  readonly readers: Map<
    string,
    { readonly operation: string; readonly projections: Set<string>; readonly exchange: Exchange }
  >;
  /** Who created it, until it is read back. */
  createdBy: string | undefined;
}

/**
 * Grades who owns what, from exchanges in the order in which they happened: O3 created by an identity and read back by it; O2
 * in its own exhausted list, twice, and in no other identity's nor an anonymous one's; O1 a field or the path says so; O0
 * merely known. Pure. O0 never proves anything.
 */
export function gradeOwnership(exchanges: readonly Exchange[], options: GradeOptions): OwnershipReport {
  const principals = learnPrincipals(exchanges, options.principals ?? {});
  const subjects = new Map<string, Subject>();
  const lists = enumerations();
  const spaceOf = options.idSpaceOf ?? ((origin: string) => origin);
  const digest = (text: string): string =>
    createHmac('sha256', options.key).update(text).digest('base64url').slice(0, 22);
  let unlabelled = 0;

  const visit = (exchange: Exchange): void => {
    const caller = callerName(exchange);
    if (caller === undefined) {
      unlabelled++;
      return;
    }
    const read = readExchange(exchange);
    const matched = options.operationOf(read);
    const body = objectsIn(read, matched);
    const mine = principals.get(caller)?.ids ?? [];
    const objectKey = (kind: string, id: string): string =>
      digest([spaceOf(matched.origin), bitsOf(id) >= 64 ? '' : kind, id.toLowerCase()].join('\0'));
    const succeeded = read.status >= 200 && read.status < 300;
    const list = nameList(read, matched, mine, digest);
    if (!succeeded) {
      if (caller === ANONYMOUS_CALLER) lists.tried(list.literal);
      return;
    }
    if (caller === ANONYMOUS_CALLER) lists.tried(list.literal);
    for (const found of body.lists) {
      lists.add({
        caller,
        list: `${list.name} ${found.operation} ${found.kind}`,
        literal: list.literal,
        operation: found.operation,
        selfScoped: list.selfScoped,
        page: list.page,
        objects: found.ids.map((id) => objectKey(found.kind, id)),
        end: listEnd(read, found),
        where: exchange.provenance,
      });
    }
    const sent = new Set([...consumedValues(read, options.operationOf)].map(({ value }) => value.toLowerCase()));
    for (const object of body.objects) {
      const key = objectKey(object.kind, object.id);
      const isNew = !subjects.has(key);
      const subject = subjects.get(key) ?? newSubject(object);
      subjects.set(key, subject);
      noteReader(subject, caller, object, exchange);
      for (const [owner, because] of declaredOwners(object, matched, principals)) {
        addEvidence(subject, owner, { grade: 1, because, operation: object.operation, first: exchange.provenance });
      }
      if (caller !== ANONYMOUS_CALLER && isNew && isCreation(read, object, sent)) subject.createdBy = caller;
      else if (subject.createdBy === caller && isReadBack(read, object, sent)) {
        addEvidence(subject, caller, {
          grade: 3,
          because: 'created-and-read-back',
          operation: object.operation,
          first: exchange.provenance,
        });
      }
    }
  };
  for (const exchange of exchanges) visit(exchange);

  const objects = [...subjects].flatMap(([object, subject]) => {
    const enumerated = lists.verdicts(object);
    for (const { caller, operation, where, alsoIn, missing } of enumerated) {
      if (missing.length > 0 || alsoIn.length > 0) continue;
      addEvidence(subject, caller, { grade: 2, because: 'only-in-own-list', operation, first: where });
    }
    const owners = subject.evidence.size > 0 ? [...subject.evidence.keys()].sort(compareText) : [undefined];
    return owners.map((owner): Ownership => {
      const evidence = owner === undefined ? [] : (subject.evidence.get(owner) ?? []);
      const shared = enumerated
        .filter(({ caller }) => caller !== owner)
        .map(({ caller, operation, where }): CounterEvidence => ({
          kind: 'shared',
          identity: caller,
          operation,
          first: where,
        }));
      const counter = [...shared, ...readerCounters(subject, owner, principals)];
      const grade = Math.max(0, ...evidence.map((one) => one.grade)) as Ownership['grade'];
      const isDeclared = evidence.some((one) => one.grade === 1);
      return {
        kind: subject.kind,
        object,
        shape: subject.shape,
        owner,
        grade,
        evidence,
        counter,
        missing: [
          ...new Set(
            enumerated
              .filter(({ caller }) => caller === owner || owner === undefined)
              .flatMap(({ missing }) => missing),
          ),
        ].sort(),
        provable:
          (grade === 3 || (grade === 2 && isDeclared)) &&
          !counter.some(({ kind }) => kind === 'shared' || kind === 'public'),
      };
    });
  });
  return {
    objects: objects.sort((a, b) =>
      compareText(`${a.kind} ${a.object} ${a.owner}`, `${b.kind} ${b.object} ${b.owner}`),
    ),
    unlabelled,
  };
}

function newSubject({ kind, id }: ObjectFound): Subject {
  return { kind, shape: shapeOfString(id), evidence: new Map(), readers: new Map(), createdBy: undefined };
}

function addEvidence(subject: Subject, owner: string, evidence: GradeEvidence): void {
  const known = subject.evidence.get(owner) ?? [];
  subject.evidence.set(owner, known);
  if (!known.some(({ because, operation }) => because === evidence.because && operation === evidence.operation))
    known.push(evidence);
}

function noteReader(subject: Subject, caller: string, object: ObjectFound, exchange: Exchange): void {
  const reader = subject.readers.get(caller) ?? {
    operation: object.operation,
    projections: new Set<string>(),
    exchange,
  };
  subject.readers.set(caller, reader);
  reader.projections.add(
    `${object.operation} ${object.properties
      .map(([name]) => name)
      .sort()
      .join(' ')}`,
  );
}

function readerCounters(
  subject: Subject,
  owner: string | undefined,
  principals: ReadonlyMap<string, ObservedPrincipal>,
): readonly CounterEvidence[] {
  const own = owner === undefined ? undefined : subject.readers.get(owner);
  const tenant = owner === undefined ? undefined : principals.get(owner)?.tenant;
  return [...subject.readers]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([identity, reader]): CounterEvidence[] => {
      if (identity === owner) return [];
      const at = { operation: reader.operation, first: reader.exchange.provenance };
      if (identity === ANONYMOUS_CALLER) {
        const same =
          owner === undefined || [...reader.projections].some((projection) => own?.projections.has(projection));
        return same ? [{ kind: 'public', ...at }] : [];
      }
      const known = principals.get(identity);
      if (owner !== undefined && known?.over?.includes(owner)) return [{ kind: 'ancestor', identity, ...at }];
      return tenant !== undefined && known?.tenant === tenant ? [{ kind: 'same-tenant', identity, ...at }] : [];
    });
}
