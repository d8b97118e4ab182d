import { type JsonText, readJson, valueOf } from '@leakproof/core';
import { type Related, setAtPath } from '@leakproof/core/rules';
import type { ObjectPlan } from '../layout/tables.ts';
import { isInteger } from '../read/scalar-bytes.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import { END, START, type Tape } from '../read/tape.ts';
import { valueRanges } from '../read/value-ranges.ts';
import type { Window } from '../read/window.ts';
import { memberEntry } from './member-entry.ts';
import { NO_OWNERS } from './owner-finder.ts';
import type { RelatedSource } from './question-resolver.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_EVIDENCE = Object.create(null) as Readonly<Record<string, unknown>>;

/** Reads the values of objects that rules depend on: what conditions read, and the size of an aggregated group. */
export class ObjectEvidence implements RelatedSource<SightedObject> {
  readonly #tape: Tape;
  readonly #window: Window;

  constructor(tape: Tape, window: Window) {
    this.#tape = tape;
    this.#window = window;
  }

  relatedTo(object: SightedObject): Related {
    const { plan } = object.layout;
    const parent = plan.inheritsOwner ? object.parent : undefined;
    return {
      resource: plan.resource?.name ?? '',
      owners: object.owners ?? NO_OWNERS,
      evidence: plan.isReference ? NO_EVIDENCE : this.#evidenceOf(object, plan),
      ...(parent ? { parent: this.relatedTo(parent) } : {}),
    } as Related;
  }

  /** Whether an aggregate counts fewer than its minimum, or contains no valid count. */
  isGroupTooSmall(object: SightedObject): boolean {
    const { group, isReference } = object.layout.plan;
    if (!group || isReference) return false;
    const entry = memberEntry(this.#tape, object, group.at);
    if (entry < 0) return true;
    const bytes = this.#bytesAt(entry);
    if (!isInteger(bytes, 0, bytes.length)) return true;
    return Number(decoder.decode(bytes)) < group.min;
  }

  #evidenceOf(object: SightedObject, plan: ObjectPlan): Readonly<Record<string, unknown>> {
    const evidence = Object.create(null) as Record<string, unknown>;
    for (const { at, path } of plan.evidencePaths) {
      const entry = memberEntry(this.#tape, object, at);
      if (entry < 0) continue;
      const bytes = this.#bytesAt(entry);
      const [range] = valueRanges(bytes, 0, at.rest).ranges;
      if (range) setAtPath(evidence, path, plainValue(bytes.subarray(...range)));
    }
    return evidence;
  }

  #bytesAt(entry: number): Uint8Array {
    const { rows } = this.#tape;
    return this.#window.slice(rows[entry + START] as number, rows[entry + END] as number);
  }
}

function plainValue(bytes: Uint8Array): unknown {
  switch (bytes[0]) {
    case 0x74:
      return true;
    case 0x66:
      return false;
    case 0x6e:
      return null;
    default: {
      const json: JsonText = readJson(decoder.decode(bytes));
      return valueOf(json, json.root);
    }
  }
}
