import { classify } from '../classify/classify.ts';
import { shapeOfValue } from '@leakproof/sources';
import { ANONYMOUS_CALLER } from './caller-claims.ts';
import { isRecord, type ObservedCall } from './observed-call.ts';

const MAX_DEPTH = 4;

/**
 * Whether a call logs its caller in, or signs it up: it sends a password, or an anonymous caller gets a credential. Its answer is
 * meant for whoever the caller is after it, and the caller before it is nobody: no rule can be read from it.
 */
export function isLogin({ method, sent, value, caller }: ObservedCall): boolean {
  if (method === 'GET') return false;
  const sends = sent.some((name) => classify({ name, of: '', shapes: [] })?.name.startsWith('secret.'));
  return sends || (caller === ANONYMOUS_CALLER && hasCredential(value, 0));
}

function hasCredential(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH || !isRecord(value)) return false;
  return Object.entries(value).some(([name, each]) => hasCredential(each, depth + 1) || isCredential(name, each));
}

const isCredential = (name: string, value: unknown): boolean =>
  typeof value === 'string' &&
  (/^(?:access|auth|session|id)?_?token$/i.test(name) ||
    classify({ name, of: '', shapes: [shapeOfValue(value)] })?.name === 'secret.token');
