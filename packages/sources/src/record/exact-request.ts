import { ClientRequest, type ClientRequestArgs } from 'node:http';

/**
 * A request whose header section is sent as it is given: order, case and duplicates. Node would add `Transfer-Encoding: chunked` to a
 * POST without a body; here a body is sent only if the headers frame one.
 */
class ExactRequest extends ClientRequest {}

// Node assigns the property in its constructors, and reads it when it writes the header section, which is in a constructor too.
Object.defineProperty(ExactRequest.prototype, 'useChunkedEncodingByDefault', {
  get: () => false,
  set: () => {},
});

export interface ExactRequestArgs extends Omit<ClientRequestArgs, 'headers' | 'setHost'> {
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/** Throws the errors of Node for a header or a path that cannot be written. */
export function sendExactly(options: ExactRequestArgs): ClientRequest {
  return new ExactRequest({ ...options, setHost: false });
}
