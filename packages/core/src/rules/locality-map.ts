/**
 * Values by text, quickest for who asks in the order of before: a page that is read again names the same owners one after
 * the other. The two behind the last one found are tried first, which are near in memory; the map seldom is. Two, because who
 * asks for some of them leaves others out. Nothing is taken out.
 */
export class LocalityMap<V extends {}> {
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #values: V[] = [];
  /** Behind the last one found. */
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
