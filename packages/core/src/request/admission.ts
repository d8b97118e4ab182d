import type { CompiledContract } from '../contract/compiled.ts';
import type { Known } from '../rules/known.ts';
import type { Principal } from '../rules/principal.ts';
import type { JsonText } from '../wire/json.ts';
import type { Refusal } from './refusal.ts';
import type { RequestView } from './response-plan.ts';
import type { OperationMatch, ServerMatch } from './route.ts';

/** What is decided for one REST request. */
export interface Admission {
  readonly contract: CompiledContract;
  readonly request: RequestView;
  readonly serverMatch: ServerMatch;
  readonly match: OperationMatch;
  readonly principal: Principal;
  readonly known: Known;
  readonly final: boolean;
  /** The JSON body, read once when first needed; undefined: there is none. */
  readonly body: () => JsonText | Refusal | undefined;
}
