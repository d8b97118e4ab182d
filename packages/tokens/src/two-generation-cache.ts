import type { OwnerRef } from '@leakproof/core';
import { LocalityMap } from '@leakproof/core/rules';

/**
 * Texts by owner, in two generations of at most `size` owners each: when the recent one is full it replaces the older one. The
 * last `size` owners set or read are never forgotten.
 */
export class TwoGenerationCache {
  readonly #size: number;
  #recent: OwnerMap = new Map();
  #older: OwnerMap = new Map();
  #recentCount = 0;
  /** Kind and space of the last owner, with its map: the next owner mostly has the same. */
  #kind = '';
  #space = '';
  #ids = idsIn(this.#recent, '', '');

  constructor(size: number) {
    this.#size = size;
  }

  get(owner: OwnerRef): string | undefined {
    return this.#idsOf(owner).get(owner.id) ?? this.#promote(owner);
  }

  set(owner: OwnerRef, text: string): void {
    if (this.#recentCount >= this.#size) this.#rotate();
    this.#idsOf(owner).set(owner.id, text);
    this.#recentCount++;
  }

  /** Moves an owner of the older generation to the recent one. */
  #promote(owner: OwnerRef): string | undefined {
    const text = this.#older.get(owner.kind)?.get(owner.space)?.get(owner.id);
    if (text !== undefined) this.set(owner, text);
    return text;
  }

  #idsOf({ kind, space }: OwnerRef): LocalityMap<string> {
    if (kind !== this.#kind || space !== this.#space) {
      this.#kind = kind;
      this.#space = space;
      this.#ids = idsIn(this.#recent, kind, space);
    }
    return this.#ids;
  }

  #rotate(): void {
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#recentCount = 0;
    this.#ids = idsIn(this.#recent, this.#kind, this.#space);
  }
}

/** By kind, space and id. */
type OwnerMap = Map<string, Map<string, LocalityMap<string>>>;

function idsIn(owners: OwnerMap, kind: string, space: string): LocalityMap<string> {
  let spaces = owners.get(kind);
  if (!spaces) owners.set(kind, (spaces = new Map()));
  let ids = spaces.get(space);
  if (!ids) spaces.set(space, (ids = new LocalityMap()));
  return ids;
}
