import { type FactGroup, groupFacts, type JsonText, type ResponsePlan, seal, type Sealed } from '@leakproof/core';
import type { RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import type { LookupSession } from './lookup-session.ts';

type SealedBody = Omit<Exclude<Sealed, { type: 'ask' }>, 'facts'> & { readonly facts: readonly FactGroup[] };

/** Judges a whole body (`monitor`). Each claim is asked once, in bulk; without an answer it is unknown. */
export function* sealBody(
  { contract }: Pick<Engine, 'contract'>,
  json: JsonText,
  { plan, lookups }: { readonly plan: ResponsePlan; readonly lookups: LookupSession },
): RequestFlow<SealedBody> {
  for (let final = false; ;) {
    const { expected, principal } = plan;
    const sealed = seal(contract, json, { expected, principal, mode: 'monitor', known: lookups, final });
    if (sealed.type !== 'ask') return { ...sealed, facts: groupFacts(sealed.facts) };
    final = !(yield* lookups.ask(plan.server, sealed.asks));
  }
}
