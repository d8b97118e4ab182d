import type { SightedOwner } from '@leakproof/core';
import { ownerIndexOf } from '../layout/layout.ts';
import type { PlannedOwner } from '../layout/tables.ts';
import { idAt, idOfBytes, isAbsentAt } from '../read/scalar-bytes.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import { END, START, type Tape } from '../read/tape.ts';
import { valueRanges } from '../read/value-ranges.ts';
import type { Window } from '../read/window.ts';
import { memberEntry } from './member-entry.ts';

export const NO_OWNERS: readonly SightedOwner[] = [];

/** Reads the owners of objects from the tape. Their ids belong to one id space. */
export class OwnerFinder {
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #space: string;

  constructor(tape: Tape, window: Window, space: string) {
    this.#tape = tape;
    this.#window = window;
    this.#space = space;
  }

  /** Sets and returns `owners` of an object, and sets `ownerUnknown`. */
  find(object: SightedObject): readonly SightedOwner[] {
    const { onlyOwner } = object.layout.plan;
    return onlyOwner && object.mapKey === undefined ? this.#findOnly(object, onlyOwner) : this.#findAll(object);
  }

  /** The most common case: one owner, named by one member. */
  #findOnly(object: SightedObject, { kind, role, about }: PlannedOwner): readonly SightedOwner[] {
    const { isOwned, isReference } = object.layout.plan;
    const entry = isReference ? object.entry : this.#tape.memberAt(object.entry, ownerIndexOf(object.layout));
    object.ownerUnknown = isOwned;
    if (entry < 0) return (object.owners = NO_OWNERS);
    const from = this.#tape.rows[entry + START] as number;
    const to = this.#tape.rows[entry + END] as number;
    const id = idAt(this.#window, from, to);
    if (!id) {
      object.ownerUnknown = isOwned || !isAbsentAt(this.#window, from, to);
      return (object.owners = NO_OWNERS);
    }
    object.ownerUnknown = isOwned && about;
    const { owner, owners } = object.singleOwner;
    owner.kind = kind;
    owner.space = this.#space;
    owner.id = id;
    owners[0].role = role;
    owners[0].about = about;
    return (object.owners = owners);
  }

  #findAll(object: SightedObject): readonly SightedOwner[] {
    const { owners: planned, isOwned, inheritsOwner } = object.layout.plan;
    if (planned.length === 0 && !inheritsOwner) {
      object.ownerUnknown = isOwned;
      return (object.owners = NO_OWNERS);
    }
    const parent = inheritsOwner ? object.parent : undefined;
    const owners: SightedOwner[] = parent ? [...(parent.owners ?? NO_OWNERS)] : [];
    let isUnreadable = parent?.ownerUnknown === true;
    for (const each of planned) if (!this.#addAt(object, each, owners)) isUnreadable = true;
    object.ownerUnknown = isUnreadable || (isOwned && !grantsRelations(owners));
    return (object.owners = owners);
  }

  /** Adds the owners at one path. False if a value there is no id, or the path does not fit. */
  #addAt(object: SightedObject, planned: PlannedOwner, owners: SightedOwner[]): boolean {
    const { at } = planned;
    const window = this.#window;
    // A field that could not be selected may still have a value; and an object has no elements.
    if (at.first === undefined) return false;
    const entry = memberEntry(this.#tape, object, at);
    let found = 0;
    let isReadable = true;
    if (entry >= 0) {
      const from = this.#tape.rows[entry + START] as number;
      const to = this.#tape.rows[entry + END] as number;
      if (at.rest.length === 0) {
        if (!isAbsentAt(window, from, to)) {
          found = 1;
          isReadable = this.#add(planned, idAt(window, from, to), owners);
        }
      } else {
        const bytes = window.slice(from, to);
        const { ranges, misfit } = valueRanges(bytes, 0, at.rest);
        if (misfit) isReadable = false;
        for (const [start, end] of ranges) {
          if (bytes[start] === 0x6e || (bytes[start] === 0x22 && end - start === 2)) continue;
          found++;
          if (!this.#add(planned, idOfBytes(bytes, start, end), owners)) isReadable = false;
        }
      }
    }
    if (found === 0 && planned.orMapKey && object.mapKey !== undefined)
      return this.#add(planned, object.mapKey, owners) && isReadable;
    return isReadable;
  }

  #add({ kind, role, about }: PlannedOwner, id: string | undefined, owners: SightedOwner[]): boolean {
    if (!id) return false;
    owners.push({ owner: { kind, space: this.#space, id }, role, about });
    return true;
  }
}

/** Whether relations to any of the owners count: an object is not owned by those that it is only about. */
function grantsRelations(owners: readonly SightedOwner[]): boolean {
  for (const each of owners) if (!each.about) return true;
  return false;
}
