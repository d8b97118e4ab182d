export { type Framing, framingOf, saysJson } from './content-type.ts';
export {
  type Coding,
  codingsOf,
  type ContentPolicy,
  decodeContent,
  maxDecodedBytes,
  SAVED,
  STRICT,
} from './decode-content.ts';
export { decodeParts } from './decode-parts.ts';
export { connectionOptions, HOP_BY_HOP } from './header-lists.ts';
export {
  type BodyPart,
  type Destination,
  type FullResponse,
  headerValues,
  type IncomingRequest,
  type OutboundRequest,
  type ResponseHead,
  singleHeader,
} from './message.ts';
