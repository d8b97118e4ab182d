/**
 * Values by string, fast for keys looked up in the order of their insertion: a page read again names the same owners in the
 * same order. The two entries after the last one found are tried before the map, because they are near in memory; two,
 * because a page may skip one. Entries are never removed.
 */
export class LocalityMap<V extends {}> {
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #values: V[] = [];
  /** The entry after the last one found. */
  #next = 0;

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): V | undefined {
    const place = this.#placeOf(key);
    return place === undefined ? undefined : this.#values[place];
  }

  set(key: string, value: V): void {
    const place = this.#placeOf(key);
    if (place !== undefined) {
      this.#values[place] = value;
      return;
    }
    this.#places.set(key, this.#keys.length);
    this.#keys.push(key);
    this.#values.push(value);
  }

  #placeOf(key: string): number | undefined {
    const next = this.#next;
    const place = this.#stands(key, next) ? next : this.#stands(key, next + 1) ? next + 1 : this.#places.get(key);
    if (place !== undefined) this.#next = place + 1;
    return place;
  }

  #stands(key: string, place: number): boolean {
    return place < this.#keys.length && this.#keys[place] === key;
  }
}
