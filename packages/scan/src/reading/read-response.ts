import {
  type CompiledContract,
  decodeUtf8,
  type Expectation,
  isLeakproofError,
  type JsonText,
  observe,
  readJson,
} from '@leakproof/core';
import type { HttpResponse, NoResponse } from '../transport/transport.ts';
import { collectObjects } from './collect-objects.ts';
import { searchBody } from './search-body.ts';
import type { SeenObject } from './seen-object.ts';

/** The objects of one response to one caller. */
export interface ReadResponse {
  /** 0 if there was no response. */
  readonly status: number;
  readonly objects: readonly SeenObject[];
  /** Some of the objects inside those objects that are not kept themselves (`RequestRunner.keepOnlyOwners`). */
  readonly inside?: readonly SeenObject[] | undefined;
  /** Why the absence of data in it proves nothing; undefined if it does. */
  readonly doubt?: string | undefined;
}

/** Reads a response whatever its status: data in an error response is data. Never throws because of its content. */
export function readResponse(
  response: HttpResponse | NoResponse,
  expected: Expectation,
  contract: CompiledContract,
): ReadResponse {
  if (response.type === 'no-response') return { status: 0, objects: [], doubt: response.reason };
  const { status } = response;
  const unreliable = status === 429 || status >= 500 ? `the response status was ${status}` : undefined;
  const json = jsonOf(response);
  if (typeof json === 'string') return { status, objects: [], doubt: unreliable ?? (json === '' ? undefined : json) };
  const objects = collectObjects({ contract, json }, observe(contract, expected, json).root);
  const found = objects.some((each) => each.owners.length > 0)
    ? objects
    : [...objects, ...searchBody(contract, expected, json)];
  return { status, objects: found, ...(unreliable === undefined ? {} : { doubt: unreliable }) };
}

/** The body as JSON, or why it is not read; an empty string if it certainly contains no data. */
function jsonOf({ status, contentType, body }: HttpResponse): JsonText | string {
  if (body.length === 0) return '';
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
    if (/\bjson\b/.test(contentType)) return 'the response is not valid JSON';
    return status >= 200 && status < 300
      ? `the response has ${contentType || 'no content type'}, which is not supported`
      : '';
  }
}
