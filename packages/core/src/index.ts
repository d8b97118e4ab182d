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
export { admit, admitRouted, type RoutedRequest } from './request/admit.ts';
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
} from './records/log-record.ts';
export { encodeRecord } from './records/encode-record.ts';
export {
  type AccessFact,
  countFacts,
  type FactGroup,
  factsOf,
  groupFacts,
  type Withheld,
} from './records/access-fact.ts';
export { infer, type Inference } from './request/infer.ts';
export type { Because } from './rules/because.ts';
export { judge, type Ruling } from './rules/judge.ts';
export { type Answer, type Known, knownFrom, lookupsOf, NOTHING_KNOWN } from './rules/known.ts';
export { type Claim, claimKey, type PreRead } from './rules/claim.ts';
export { answerOf, endOf } from './rules/lookup-answer.ts';
export { type Expectation, observe } from './response/observe.ts';
export type { Ask, RequestFacts, ResponsePlan } from './request/response-plan.ts';
export {
  ANONYMOUS,
  atHome,
  isKnown,
  type KnownPrincipal,
  type OwnerRef,
  ownerKey,
  type Principal,
  principalOf,
} from './rules/principal.ts';
export type { Refusal } from './request/refusal.ts';
export {
  type Arrival,
  arrive,
  type Match,
  matchOperation,
  type RequestLine,
  type Route,
  routeOf,
} from './request/route.ts';
export { seal, type Sealed, type SealRequest } from './response/seal.ts';
export type { MemberPlace, ObjectPlace, Observation, Place } from './response/observation.ts';
export type { SightedField, SightedOwner, Sighting } from './rules/sighting.ts';
