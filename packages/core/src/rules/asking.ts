import type { Claim } from './claim.ts';
import { ClaimMap } from './claim-map.ts';
import type { Truth } from '../contract/condition.ts';
import type { Known } from './known.ts';

/** Forwards to another `Known` and collects the claims it does not know. */
export class AskingKnown implements Known {
  /** Each claim once. */
  readonly asks: Claim[] = [];
  readonly alone?: true;
  readonly #known: Known;
  #asked: ClaimMap<true> | undefined;

  constructor(known: Known) {
    this.#known = known;
    if (known.alone) this.alone = true;
  }

  get(claim: Claim): Truth {
    const answer = this.#known.get(claim);
    if (answer === 'unknown') this.#ask(claim);
    return answer;
  }

  #ask(claim: Claim): void {
    this.#asked ??= new ClaimMap(Infinity);
    if (this.#asked.get(claim)) return;
    this.#asked.set(claim, true);
    this.asks.push(claim);
  }
}
