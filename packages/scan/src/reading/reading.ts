import {
  type CompiledContract,
  decodeUtf8,
  type Expectation,
  isLeakproofError,
  type JsonText,
  observe,
  readJson,
} from '@leakproof/core';
import type { NoReply, Reply } from '../transport/transport.ts';
import { searchBody } from './search-body.ts';
import { see } from './see.ts';
import type { SeenObject } from './seen.ts';

/** One answer to one caller, read. */
export interface ReadResponse {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly seen: readonly SeenObject[];
  /** Why it proves nothing that something is not in it; absent where it does. */
  readonly doubt?: string | undefined;
}

/** Lays an answer beside the shape it should have. Whatever its status: data in a refusal is data. Never throws for what it says. */
export function readReply(reply: Reply | NoReply, expected: Expectation, contract: CompiledContract): ReadResponse {
  if (reply.type === 'no-reply') return { status: 0, seen: [], doubt: reply.reason };
  const { status } = reply;
  const unsure = status === 429 || status >= 500 ? `it answered ${status}` : undefined;
  const json = jsonOf(reply);
  if (typeof json === 'string') return { status, seen: [], doubt: unsure ?? (json === '' ? undefined : json) };
  const seen = see({ contract, json }, observe(contract, expected, json).root);
  const found = seen.some((each) => each.owners.length > 0) ? seen : [...seen, ...searchBody(contract, expected, json)];
  return { status, seen: found, ...(unsure === undefined ? {} : { doubt: unsure }) };
}

/** The body as JSON; else why it is none, or nothing where it plainly is no data. */
function jsonOf({ status, contentType, body }: Reply): JsonText | string {
  const saysJson = /\bjson\b/.test(contentType);
  if (body.length === 0) return '';
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
    if (saysJson) return 'its answer says JSON and is not';
    return status >= 200 && status < 300 ? `it answered ${contentType || 'no content type'}, which is not read` : '';
  }
}
