export { tuneGarbageCollector } from './tune-garbage-collector.ts';
export type { Counts, EngineOptions } from './engine/engine.ts';
export type { Notice } from './engine/notices.ts';
export { createGuard, type Guard } from './engine/guard.ts';
export type { Command, Ended, Event, RequestFlow, Passed } from './engine/command.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { LookupCall } from './lookup/lookup-call.ts';
export type { FindUpstream, Upstream } from './adapters/proxy/upstreams.ts';
export { type GuardOptions, type RunningGuard, startGuard } from './adapters/proxy/start-guard.ts';
