import type { Exchange } from '@leakproof/core';
import { shapeOfString, type StringShape } from '../inventory/stats/value-shape.ts';
import type { ObjectFound } from './objects-in.ts';
import type { GradeEvidence } from './ownership.ts';

/** An object with everything that the exchanges show of its ownership. */
export interface ObservedObject {
  readonly kind: string;
  readonly shape: StringShape;
  /** By identity. */
  readonly evidence: Map<string, GradeEvidence[]>;
  /** By caller: the projections returned (operation and names of properties), and the first exchange. */
  readonly readers: Map<
    string,
    { readonly operation: string; readonly projections: Set<string>; readonly exchange: Exchange }
  >;
  /** The identity that created it. */
  createdBy: string | undefined;
}

export function newObservedObject({ kind, id }: ObjectFound): ObservedObject {
  return { kind, shape: shapeOfString(id), evidence: new Map(), readers: new Map(), createdBy: undefined };
}

/** Adds evidence for `owner`, once for each reason and operation. */
export function addEvidence(object: ObservedObject, owner: string, evidence: GradeEvidence): void {
  const known = object.evidence.get(owner) ?? [];
  object.evidence.set(owner, known);
  if (!known.some(({ because, operation }) => because === evidence.because && operation === evidence.operation))
    known.push(evidence);
}

interface ObjectRead {
  readonly caller: string;
  readonly found: ObjectFound;
  readonly exchange: Exchange;
}

export function addReader(object: ObservedObject, { caller, found, exchange }: ObjectRead): void {
  const reader = object.readers.get(caller) ?? { operation: found.operation, projections: new Set<string>(), exchange };
  object.readers.set(caller, reader);
  const names = found.properties.map(([name]) => name).sort();
  reader.projections.add(`${found.operation} ${names.join(' ')}`);
}
