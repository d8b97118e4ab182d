export { bytesOf, type ByteSource } from './reading/bytes/byte-source.ts';
export {
  callerOf,
  createFingerprint,
  isCredentialHeader,
  type CallerInput,
  type Fingerprint,
} from './reading/caller.ts';
export type {
  DeclaredBody,
  DeclaredField,
  DeclaredGraphqlOperation,
  DeclaredHttpOperation,
  DeclaredOperation,
  DeclaredParameter,
  DeclaredResponse,
  DeclaredScheme,
  DeclaredSecurity,
  ParameterLocation,
} from './reading/declared-operation.ts';
export {
  EXCHANGE_LINE_VERSION,
  parseExchange,
  writeExchange,
  type WriteExchangeOptions,
} from './reading/exchange-line.ts';
export { fileSource, readBytes, readerById, readerOf, readSource, type SourceOptions } from './read-source.ts';
export type { FetchRef, Reader, Reading, ReadOptions, Reject } from './reading/reader.ts';
export { REJECT_CODES, type Loss, type RejectCode, type RejectEntry } from './reading/reject-codes.ts';
export { suggestionsIn, type Suggestion } from './readers/graphql-suggestions/suggestions.ts';
export { READERS } from './readers/index.ts';
export { buildInventory, type InventoryBuilder } from './inventory/build-inventory.ts';
export { undeclaredVerdict, unreadIn, type UndeclaredVerdict } from './inventory/undeclared-verdict.ts';
export type { Counted } from './inventory/stats/counted.ts';
export type { FieldSeen } from './inventory/stats/field-stats.ts';
export { PATH_LIMITS, type PathLimits } from './inventory/paths/path-frame.ts';
export {
  graphqlCalls,
  type GraphqlCall,
  type Selected,
  type SelectedArgument,
} from './inventory/graphql/graphql-calls.ts';
export type { ParameterEvidence } from './inventory/paths/infer-parameters.ts';
export type { DeclaredSummary, SecurityRequirement } from './inventory/declared-summary.ts';
export type {
  Inventory,
  ResponseSeen,
  SeenHost,
  SeenOperation,
  SeenReject,
  UndeclaredParts,
} from './inventory/inventory.ts';
export type { BodyKind, ReadBody } from './inventory/read-body.ts';
export { originOf, readExchange, type ExchangeRead } from './inventory/read-exchange.ts';
export type { PathParameter } from './inventory/paths/resolve-templates.ts';
export type { Segment } from './inventory/paths/segment-shape.ts';
export {
  decodeGlobalId,
  shapeOfString,
  shapeOfValue,
  type GlobalId,
  type StringShape,
  type ValueShape,
} from './inventory/stats/value-shape.ts';
export { matchOperations, type MatchedOperation, type OperationMatcher } from './inventory/paths/operation-matcher.ts';
export type { FlowPlace, FlowSite, FlowVia } from './flow/flow-values.ts';
export { traceValues, type Flow, type FlowEdge, type TraceOptions, type Tracer } from './flow/trace-values.ts';
export { gradeOwnership, type GradeOptions } from './ownership/grade-ownership.ts';
export type {
  CounterEvidence,
  Grade,
  GradeEvidence,
  ObservedPrincipal,
  MissingEvidence,
  Ownership,
  OwnershipReport,
} from './ownership/ownership.ts';
export { openAuthority, type Authority } from './record/certificate-authority.ts';
export { readRecording, type Recording } from './record/read-recording.ts';
export { OWN_HOST, recordTraffic, type Recorder, type RecorderOptions } from './record/record-traffic.ts';
export type { RecorderCounts } from './record/recorder-counts.ts';
export type { NewHeader, RecordingHeader, RecordingKey } from './record/recording-header.ts';
export { writeRecording, type RecordingWriter } from './record/write-recording.ts';
export { readTraffic, type TrafficOptions } from './record/read-traffic.ts';
export { loadKey, makeKey, PASSPHRASE_VARIABLE, type KeySource } from './record/recording-key.ts';
