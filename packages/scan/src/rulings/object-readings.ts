import type { Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { SeenObject } from '../reading/seen-object.ts';

/** The objects of responses to one identity. */
export interface ObjectsSeenBy {
  readonly identity: Identity;
  readonly objects: readonly SeenObject[];
}

/** What each identity reads of the objects of each owner. */
export class ObjectReadings {
  readonly #byReader = new Map<Identity, Map<string, SeenObject[]>>();

  constructor(seen: readonly ObjectsSeenBy[]) {
    for (const { identity, objects } of seen) {
      const byKey = this.#byReader.get(identity) ?? new Map<string, SeenObject[]>();
      this.#byReader.set(identity, byKey);
      for (const object of objects) {
        for (const owner of object.owners) {
          put(byKey, owner, object);
          if (object.objectId !== undefined) put(byKey, veryKey(owner, object), object);
        }
      }
    }
  }

  /** The objects of an owner. */
  ofOwner(owner: Identity, readBy: Identity): readonly SeenObject[] {
    return this.#byReader.get(readBy)?.get(ownerKeyOf(owner.principal)) ?? [];
  }

  /** The readings of the same object: of its resource, with its id, and of one of its owners. None if it has no id. */
  ofVery(object: SeenObject, readBy: Identity): readonly SeenObject[] {
    if (object.objectId === undefined) return [];
    const readings = object.owners.flatMap((owner) => this.#byReader.get(readBy)?.get(veryKey(owner, object)) ?? []);
    return [...new Set(readings)];
  }
}

function veryKey(owner: string, { sighting, objectId }: SeenObject): string {
  return `${owner}\n${sighting.resource}\n${objectId}`;
}

function put(byKey: Map<string, SeenObject[]>, key: string, object: SeenObject): void {
  const objects = byKey.get(key);
  if (objects) objects.push(object);
  else byKey.set(key, [object]);
}
