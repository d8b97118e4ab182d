export type { Counts, EngineOptions } from './engine/engine.ts';
export { type Guard, guard } from './engine/guard.ts';
export type { Command, Destination, Ended, Event, Outbound, Passage, Passed } from './engine/command.ts';
export type { Incoming, Outgoing } from './engine/message.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { LookupCall } from './lookup/lookup-call.ts';
export type { FindUpstream, Upstream } from './proxy/upstreams.ts';
export { type GuardOptions, type RunningGuard, startGuard } from './proxy/start-guard.ts';
export { tokenizer, tokenKey } from './token-key.ts';
