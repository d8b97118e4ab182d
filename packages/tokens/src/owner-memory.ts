import type { OwnerRef } from '@leakproof/core';
import { LocalityMap } from '@leakproof/core/rules';

/** Texts by owner, in bounded memory: at most twice `size`, of which those kept last are never forgotten. */
export class OwnerMemory {
  readonly #size: number;
  #recent: Places = new Map();
  #older: Places = new Map();
  #kept = 0;
  /** Where the last owner was looked for: the next is mostly of the same kind and space. */
  #kind = '';
  #space = '';
  #ids = idsIn(this.#recent, '', '');

  constructor(size: number) {
    this.#size = size;
  }

  get(owner: OwnerRef): string | undefined {
    return this.#idsOf(owner).get(owner.id) ?? this.#again(owner);
  }

  keep(owner: OwnerRef, text: string): void {
    if (this.#kept >= this.#size) this.#turn();
    this.#idsOf(owner).set(owner.id, text);
    this.#kept++;
  }

  #again(owner: OwnerRef): string | undefined {
    const text = this.#older.get(owner.kind)?.get(owner.space)?.get(owner.id);
    if (text !== undefined) this.keep(owner, text);
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

  #turn(): void {
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#kept = 0;
    this.#ids = idsIn(this.#recent, this.#kind, this.#space);
  }
}

/** By kind, space and id. */
type Places = Map<string, Map<string, LocalityMap<string>>>;

function idsIn(places: Places, kind: string, space: string): LocalityMap<string> {
  let spaces = places.get(kind);
  if (!spaces) places.set(kind, (spaces = new Map()));
  let ids = spaces.get(space);
  if (!ids) spaces.set(space, (ids = new LocalityMap()));
  return ids;
}
