export { ERROR_CODES, type CodeEntry } from './error-codes.ts';
export {
  formatWhere,
  isLeakproofError,
  LeakproofError,
  type ErrorCode,
  type LeakproofErrorOptions,
  type Where,
} from './errors.ts';
export type { Caller, EpochMs, Exchange, Headers, Provenance, WireRequest, WireResponse } from './wire/exchange.ts';
export {
  decodeUtf8,
  idOf,
  type JsonLimits,
  type JsonMember,
  type JsonNode,
  type JsonText,
  memberOf,
  readJson,
  stringOf,
  valueOf,
} from './wire/json.ts';
export { readTarget, type Target, type TargetFault } from './wire/target.ts';
export type {
  Budget,
  BudgetStep,
  CompiledContract,
  Condition,
  Door,
  Field,
  Grant,
  JwtIdentity,
  Lookup,
  Mode,
  Operation,
  OwnerPath,
  Parameter,
  PrincipalKind,
  Protocol,
  RelationRule,
  Resource,
  Server,
  StateRule,
  TemplateSegment,
  VerifiedIdentity,
} from './contract/compiled.ts';
export type { ObjectShape, SelectedKey, Shape } from './contract/shape.ts';
export { admit, admitRouted, type RoutedRequest } from './facts/admit.ts';
export {
  type AccessRecord,
  decodeRecord,
  type EndRecord,
  factsIn,
  type GapRecord,
  type LogRecord,
  type RefusalRecord,
  type Tokenize,
  writtenFacts,
  type WrittenFacts,
  writtenPrincipal,
} from './facts/fact-block.ts';
export { encodeRecord } from './facts/encode-record.ts';
export { type AccessFact, countFacts, type FactGroup, factsOf, groupFacts, type Withheld } from './facts/fact.ts';
export { ClaimMap } from './facts/claim-map.ts';
export { TrailMap } from './facts/trail-map.ts';
export { infer, type Inference } from './facts/infer.ts';
export { type Because, judge, type Ruling } from './facts/judge.ts';
export {
  type Answer,
  type Claim,
  claimKey,
  type Known,
  knownFrom,
  lookupsOf,
  NOTHING_KNOWN,
  type PreRead,
} from './facts/known.ts';
export { answerOf, endOf } from './facts/lookup-answer.ts';
export { type Expectation, observe } from './facts/observe.ts';
export type { Ask, RequestFacts, ResponsePlan } from './facts/plan.ts';
export {
  ANONYMOUS,
  atHome,
  isKnown,
  type KnownPrincipal,
  type OwnerRef,
  ownerKey,
  type Principal,
  principalOf,
} from './facts/principal.ts';
export type { Refusal } from './facts/refusal.ts';
export {
  type Arrival,
  arrive,
  type Match,
  matchOperation,
  type RequestLine,
  type Route,
  routeOf,
} from './facts/route.ts';
export { createCut, type CutOptions, type CutPlan } from './facts/stream/create-cut.ts';
export type { Cut, Refused, Released, Step } from './facts/stream/step.ts';
export { seal, type Sealed, type SealRequest } from './facts/seal.ts';
export type {
  MemberPlace,
  ObjectPlace,
  Observation,
  Place,
  SightedField,
  SightedOwner,
  Sighting,
} from './facts/sighting.ts';
