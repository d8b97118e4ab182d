export type { CodeEntry } from './code-entry.ts';
export { ERROR_CODES } from './error-codes.ts';
export {
  formatWhere,
  isLeakproofError,
  LeakproofError,
  type ErrorCode,
  type LeakproofErrorOptions,
  type Where,
} from './errors.ts';
export type { Caller, EpochMs, Exchange, Headers, Provenance, WireRequest, WireResponse } from './wire/exchange.ts';
export { isObject, type JsonObject, listOf, parseJson, textOf } from './wire/json-value.ts';
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
export {
  fillTemplate,
  parametersOf,
  parseTemplate,
  partsOf,
  segmentKey,
  type ParsedTemplate,
  type TemplateFault,
  templateKey,
  type TemplatePart,
  type TemplateSegment,
  templateText,
} from './wire/path-template.ts';
export { isMethodParameter, isOverrideHeader } from './wire/override-names.ts';
export { readTarget, type Target, type TargetFault } from './wire/target.ts';
export { indexTemplates, type Templated, type TemplateIndex } from './wire/template-index.ts';
export { compareSegments, compareTemplates, isConflict } from './wire/template-order.ts';
export { decodedParts, decodedText, type Encoding, type Split, splitByPattern } from './wire/template-pattern.ts';
export type {
  Budget,
  BudgetStep,
  CompiledContract,
  Condition,
  Endpoint,
  Field,
  Grant,
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
} from './contract/compiled.ts';
export type {
  ApiKeyIdentity,
  CredentialPlace,
  UserinfoIdentity,
  Identity,
  JwksLocation,
  JwtIdentity,
  KnownApiKey,
  SecretLocation,
  TokenRules,
  VerifiedIdentity,
} from './contract/identity.ts';
export { contractDigest, type Sha256 } from './contract/contract-digest.ts';
export { type ReadCompiledOptions, type ReadContract, readCompiled } from './contract/read-compiled.ts';
export { mapShapesBelow, type ObjectShape, type SelectedKey, type Shape, shapesBelow } from './contract/shape.ts';
export { admit, admitRouted, type RoutedRequest } from './request/admit.ts';
export { expectResponse } from './request/expect-response.ts';
export type { ExpectedResponse } from './request/expected-response.ts';
export {
  type AccessRecord,
  decodeRecord,
  type EndRecord,
  countFactsIn,
  type GapRecord,
  type LogRecord,
  type RefusalRecord,
  type Tokenize,
  tokenizeFacts,
  type TokenizedFacts,
  tokenizePrincipal,
} from './records/log-record.ts';
export { encodeRecord } from './records/encode-record.ts';
export { type FindingKey, type FindingOperation, type FindingRecord, findingRecord } from './records/finding.ts';
export {
  type AccessFact,
  countFacts,
  type FactGroup,
  ungroupFacts,
  groupFacts,
  type Withheld,
} from './records/access-fact.ts';
export { infer, type Inference } from './request/infer.ts';
export type { Because } from './rules/because.ts';
export { judge, type Ruling } from './rules/judge.ts';
export type { Truth } from './contract/condition.ts';
export { type FoundOwners, type Known, knownFrom, lookupsOf, NOTHING_KNOWN } from './rules/known.ts';
export { type Claim, claimKey, type PreRead } from './rules/claim.ts';
export { readLookupAnswer, lookupAnswerExpiry } from './rules/lookup-answer.ts';
export { type Expectation, observe } from './response/observe.ts';
export { ownersFound } from './response/owners-found.ts';
export type { Ask, RequestView, ResponsePlan } from './request/response-plan.ts';
export {
  ANONYMOUS,
  principalForServer,
  isKnown,
  type KnownPrincipal,
  type OwnerRef,
  ownerKey,
  type Principal,
  principalOf,
} from './rules/principal.ts';
export { isSameCaller } from './rules/same-caller.ts';
export { preReadFor } from './request/operation-owners.ts';
export type { Refusal } from './request/refusal.ts';
export {
  type ServerMatch,
  matchServer,
  type OperationMatch,
  matchOperation,
  type RequestLine,
  type Route,
  routeOf,
} from './request/route.ts';
export { seal, type Sealed, type SealRequest } from './response/seal.ts';
export type { ObservedMember, ObservedObject, Observation, ObservedValue } from './response/observation.ts';
export type { SightedField, SightedOwner, Sighting } from './rules/sighting.ts';
