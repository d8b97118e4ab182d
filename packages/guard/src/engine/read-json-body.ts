import { decodeUtf8, type ErrorCode, isLeakproofError, type JsonText, readJson } from '@leakproof/core';
import { decodeContent, type FullResponse, saysJson, STRICT } from '@leakproof/http';
import type { Engine } from './engine.ts';

/** Decodes a whole response body as JSON, or returns why it cannot be read. */
export function readJsonBody({ limits }: Pick<Engine, 'limits'>, response: FullResponse): JsonText | ErrorCode {
  if (!saysJson(response.headers)) return 'LP-RESPONSE-UNREADABLE';
  const { maxBodyBytes: maxBytes, maxRatio } = limits;
  const body = decodeContent(response.headers, response.body, { ...STRICT, maxBytes, maxRatio });
  if (body === 'unreadable') return 'LP-RESPONSE-UNREADABLE';
  if (body === 'too-large') return 'LP-RESPONSE-TOO-LARGE';
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (isLeakproofError(error)) return error.code;
    throw error;
  }
}
