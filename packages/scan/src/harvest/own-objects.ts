import type { CompiledContract, Principal } from '@leakproof/core';
import type { SeenObject } from '../reading/seen-object.ts';
import { answersKey, type ConditionAnswers, conditionAnswers, mergeAnswers } from '../rulings/condition-answers.ts';
import type { OwnValue } from './own-values.ts';

/** An object of an identity that conditions of the contract read. */
export interface OwnObject {
  readonly resource: string;
  readonly id: OwnValue;
  answers: ConditionAnswers;
}

/** Objects kept per resource. */
const MAX_PER_RESOURCE = 256;

/** The objects of an identity that conditions of the contract read, in the order they were found. */
export class OwnObjects {
  readonly #contract: CompiledContract;
  readonly #owner: string;
  readonly #others: readonly Principal[];
  readonly #byResource = new Map<string, Map<string, OwnObject>>();

  constructor(contract: CompiledContract, owner: string, others: readonly Principal[]) {
    this.#contract = contract;
    this.#owner = owner;
    this.#others = others;
  }

  /** `idOf` names the value of an id. True if an object or an answer is new. */
  add(objects: readonly SeenObject[], idOf: (object: SeenObject, id: string) => OwnValue): boolean {
    let hasNew = false;
    for (const object of objects) {
      const { objectId, owners, sighting } = object;
      if (objectId === undefined || !owners.includes(this.#owner)) continue;
      const answers = conditionAnswers(this.#contract, object, this.#others);
      if (!answers) continue;
      const known = this.#byResource.get(sighting.resource) ?? new Map<string, OwnObject>();
      this.#byResource.set(sighting.resource, known);
      const before = known.get(objectId);
      if (before) {
        const key = answersKey(before.answers);
        before.answers = mergeAnswers(before.answers, answers);
        hasNew ||= answersKey(before.answers) !== key;
      } else if (known.size < MAX_PER_RESOURCE) {
        known.set(objectId, { resource: sighting.resource, id: idOf(object, objectId), answers });
        hasNew = true;
      }
    }
    return hasNew;
  }

  /** The object of this id that the response contains. */
  inResponse(objects: readonly SeenObject[], id: string): OwnObject | undefined {
    const object = objects.find(({ objectId, owners }) => objectId === id && owners.includes(this.#owner));
    return object && this.#byResource.get(object.sighting.resource)?.get(id);
  }

  /** Objects of the same resource with other answers than these, or with answers that are not known yet; one for each answer. */
  unlike(covered: readonly OwnObject[]): OwnObject[] {
    const [first] = covered;
    if (!first) return [];
    const keys = new Set(covered.map(({ answers }) => answersKey(answers)));
    const others = [...(this.#byResource.get(first.resource)?.values() ?? [])].filter(
      (each) => !covered.includes(each),
    );
    const found: OwnObject[] = [];
    for (const each of others) {
      const key = answersKey(each.answers);
      if (key !== undefined && keys.has(key)) continue;
      if (key !== undefined) keys.add(key);
      found.push(each);
    }
    return found;
  }
}
