import type { CompiledContract, JsonText } from '@leakproof/core';

/** A response body, and the contract it is read by. */
export interface BodyContext {
  readonly contract: CompiledContract;
  readonly json: JsonText;
}
