import type { Protocol } from '../contract/compiled.ts';
import type { Sha256 } from '../contract/contract-digest.ts';
import { encodeText } from '../wire/encode-text.ts';

/** What makes two findings the same one, whoever found them, wherever, and however often. */
export interface FindingKey {
  /** The check that was not met, such as `object-authorization`. */
  readonly rule: string;
  /** The method of HTTP, or `query` or `mutation` of GraphQL. */
  readonly method: string;
  /** Path template with `{}` for every parameter, or the field of GraphQL. */
  readonly path: string;
  /** What the host is for: the servers of one contract are one API, so that it is the protocol they serve. */
  readonly host: string;
  /** The closest relation of those who received it to the owner: `anyone`, `member`, `outsider`, `self` or one of the contract. */
  readonly viewer: string;
  /** `Resource.field`. */
  readonly field: string;
}

/**
 * One field that one kind of viewer gets from one operation, and should not. It contains names of the contract only: no id, count or
 * date, so that a scan, a replay, an account and a case mean the same by it.
 */
export interface FindingRecord extends FindingKey {
  /** `F-` and 16 hexadecimal digits of the SHA-256 of the rest. */
  readonly id: string;
}

/** The operation of a finding: its name in the contract, and how it is reached. */
export interface FindingOperation {
  readonly name: string;
  readonly protocol: Protocol;
}

/** A record of a finding. */
export function findingRecord(
  { operation, ...key }: Pick<FindingKey, 'rule' | 'viewer' | 'field'> & { readonly operation: FindingOperation },
  sha256: Sha256,
): FindingRecord {
  const { method, path } = methodAndPath(operation);
  const whole: FindingKey = { ...key, method, path, host: operation.protocol };
  return { id: findingId(whole, sha256), ...whole };
}

function findingId({ rule, method, path, host, viewer, field }: FindingKey, sha256: Sha256): string {
  const digest = sha256(encodeText(JSON.stringify([rule, method, path, host, viewer, field])));
  return `F-${Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function methodAndPath({ name, protocol }: FindingOperation): Pick<FindingKey, 'method' | 'path'> {
  if (protocol === 'graphql') {
    const [type = '', ...fields] = name.split('.');
    return { method: type.toLowerCase(), path: fields.join('.') };
  }
  const [method = '', path = ''] = name.split(' ');
  return { method, path: path.replaceAll(/\{[^{}]*\}/g, '{}') };
}
