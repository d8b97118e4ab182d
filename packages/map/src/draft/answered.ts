import type { Answer } from '../answers/answer.ts';
import { type View, formOfAll, membersOf, shapesOf } from '../evidence/views.ts';

/** The fields with a flag that a draft may name in a state or a relation. */
export interface Flag {
  readonly resource: string;
  readonly field: string;
}

export interface UsedState {
  readonly name: string;
  readonly flag: Flag;
  readonly not: boolean;
}

const BUILT_IN: ReadonlySet<string> = new Set(['anyone', 'member', 'self', 'nobody']);

/** Finds the answers to fields, and the states and relations that they need. */
export class Answers {
  readonly states = new Map<string, UsedState>();
  readonly relations = new Map<string, Flag>();
  readonly #answers: readonly Answer[];
  readonly #used = new Set<Answer>();
  readonly #faults = new Map<Answer, string>();
  readonly #flagOf: (name: string, resource: string) => Flag | undefined;

  /** `flagOf`: the flag of that name of the resource itself, or else of people. */
  constructor(answers: readonly Answer[], flagOf: (name: string, resource: string) => Flag | undefined) {
    this.#answers = answers;
    this.#flagOf = flagOf;
  }

  /** The most particular answer to a field: to the field, to its class, to the resource. */
  to(resource: string, field: string, className: string | undefined): Answer | undefined {
    const mine = this.#answers.filter(({ about }) => isSameName(about.split('.')[0] ?? '', resource));
    const rest = (each: Answer): string => each.about.split('.').slice(1).join('.');
    const answer =
      mine.find((each) => rest(each) === field) ??
      mine
        .filter((each) => rest(each) !== '' && className !== undefined && isWithin(className, rest(each)))
        .sort((a, b) => rest(b).length - rest(a).length)[0] ??
      mine.find((each) => rest(each) === '');
    if (!answer || this.#faults.has(answer)) return undefined;
    const fault = this.#declare(answer, resource);
    if (fault !== undefined) {
      this.#faults.set(answer, fault);
      return undefined;
    }
    this.#used.add(answer);
    return answer;
  }

  /** Answers that changed nothing, with the reason. */
  get unused(): { readonly about: string; readonly why: string }[] {
    return this.#answers
      .filter((each) => !this.#used.has(each))
      .map((each) => ({
        about: each.about,
        why: this.#faults.get(each) ?? 'nothing that was returned has this name or class',
      }));
  }

  /** The relations and states of an answer as the contract names them. */
  stateName({ flag, not }: NonNullable<Answer['narrow']>): string {
    return not ? `not_${flag}` : flag;
  }

  #declare({ see, narrow }: Answer, resource: string): string | undefined {
    const relations = [...see, ...(narrow?.to ?? [])].filter((each) => !BUILT_IN.has(each));
    const found: [string, Flag][] = [];
    for (const relation of relations) {
      const flag = this.#flagOf(relation, '');
      if (!flag) return `"${relation}" is no relation, and no flag of a person`;
      found.push([relation, flag]);
    }
    if (narrow) {
      const flag = this.#flagOf(narrow.flag, resource);
      if (!flag) return `"${narrow.flag}" is no flag of ${resource} or of its owner`;
      const name = this.stateName(narrow);
      const before = this.states.get(name);
      if (before && before.flag.resource !== flag.resource) return `"${name}" is a flag of two resources`;
      this.states.set(name, { name, flag, not: narrow.not });
    }
    for (const [relation, flag] of found) this.relations.set(relation, flag);
    return undefined;
  }
}

const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const isWithin = (className: string, prefix: string): boolean => `${className}.`.startsWith(`${prefix}.`);

/** The fields of a resource that are true or false. */
export function flagsOf(view: View): readonly string[] {
  return membersOf(view)
    .filter(([name, below]) => {
      const shapes = [...shapesOf(below)].filter((shape) => shape !== 'null');
      return (
        /^(?!caller\d+$)[A-Za-z_]\w*$/.test(name) &&
        formOfAll(below) === 'plain' &&
        shapes.every((shape) => shape === 'true-false')
      );
    })
    .map(([name]) => name);
}
