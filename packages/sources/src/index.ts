export { bytesOf, type ByteSource } from './reading/byte-source.ts';
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
  ParameterPlace,
} from './reading/declared-operation.ts';
export { fileSource, readBytes, readerById, readerOf, readSource, type SourceOptions } from './reading/read-source.ts';
export type { FetchRef, Reader, Reading, ReadOptions, Reject } from './reading/reader.ts';
export { REJECT_CODES, type Loss, type RejectCode, type RejectEntry } from './reading/reject-codes.ts';
export { READERS } from './readers/index.ts';
