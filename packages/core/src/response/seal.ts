import type { CompiledContract, Mode } from '../contract/compiled.ts';
import type { JsonText } from '../wire/json.ts';
import { TextCutter } from './cut-text.ts';
import type { AccessFact, Withheld } from '../records/access-fact.ts';
import { judge, type Ruling } from '../rules/judge.ts';
import type { Claim } from '../rules/claim.ts';
import type { Known } from '../rules/known.ts';
import { type Expectation, observe } from './observe.ts';
import type { Principal } from '../rules/principal.ts';
import type { Sighting } from '../rules/sighting.ts';

export interface SealRequest {
  readonly expected: Expectation;
  readonly principal: Principal;
  readonly mode: Mode;
  readonly known: Known;
  /** Unknown claims stay unknown: nothing is asked. */
  readonly final: boolean;
  /** Called once for each object that would be released, in document order; false withholds it (a spent budget). */
  readonly admits?: (sighting: Sighting) => boolean;
}

export type Sealed =
  | { readonly type: 'ask'; readonly asks: readonly Claim[] }
  /** Nothing of the body may be released. */
  | { readonly type: 'gone'; readonly facts: readonly AccessFact[]; readonly withheld: readonly Withheld[] }
  | { readonly type: 'misshapen'; readonly facts: readonly AccessFact[]; readonly withheld: readonly Withheld[] }
  | {
      readonly type: 'body';
      readonly text: string;
      readonly changed: boolean;
      readonly facts: readonly AccessFact[];
      readonly withheld: readonly Withheld[];
    };

/**
 * What of `body` is released, and its facts: the reference for every faster path. In `monitor` the body is released
 * unchanged, and what the contract forbids is recorded as exposed. Pure; O(nodes).
 */
export function seal(contract: CompiledContract, body: JsonText, request: SealRequest): Sealed {
  const { root, sightings } = observe(contract, request.expected, body);
  const rulings = new Map<Sighting, Ruling>();
  for (const sighting of sightings) rulings.set(sighting, judge(contract, request.principal, sighting, request.known));
  if (!request.final) {
    const asks = [...rulings.values()].flatMap((ruling) => ruling.asks);
    if (asks.length > 0) return { type: 'ask', asks };
  }
  const cutter = new TextCutter({ contract, json: body, rulings }, request);
  const text = cutter.cut(root);
  const account = { facts: cutter.facts(sightings), withheld: cutter.withheld };
  if (request.mode === 'monitor') return { type: 'body', text: body.text, changed: false, ...account };
  if (text === undefined) return { type: root.type === 'misshapen' ? 'misshapen' : 'gone', ...account };
  return { type: 'body', text, changed: text !== body.text, ...account };
}
