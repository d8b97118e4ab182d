import type { KeyObject } from 'node:crypto';
import { LeakproofError } from '@leakproof/core';
import { type EscrowEntry, eraseFromEscrow, keyId, openEscrow, readEscrow, tokenizer } from '@leakproof/tokens';
import type { EraseReport } from './columns/erase.ts';
import type { RotateReport } from './columns/rotate.ts';
import { token64 } from './columns/token64.ts';
import { note } from './keep.ts';
import { callEngine } from './process/call-engine.ts';

export interface RevealOptions {
  /** As an account or the log prints it. */
  readonly token: string;
  /** Why. It is recorded with the token; it must not contain personal data. */
  readonly reason: string;
  readonly escrow: string;
  readonly key: KeyObject;
  readonly nowMs: number;
}

/** The owners that have a token: one, or more in the rare case that the columns cannot tell them apart. The use is recorded first. */
export function reveal(directory: string, options: RevealOptions): readonly EscrowEntry['owner'][] {
  const { token, reason, escrow, key, nowMs } = options;
  if (reason.trim() === '') throw new LeakproofError('LP-USAGE', 'Revealing a person needs a reason.');
  const wanted = token64(token);
  const found = new Map<string, EscrowEntry['owner']>();
  for (const entry of readEscrow(escrow, key, () => undefined))
    if (token64(entry.token) === wanted) found.set(entry.token, entry.owner);
  note(directory, { do: 'reveal', token, reason, found: found.size > 0 }, nowMs);
  return [...found.values()];
}

/** Erases a person from the columns, and from the escrow if there is one. `token` must be the log's for the escrow. */
export async function erasePerson(
  directory: string,
  options: { readonly token: string; readonly escrow?: string | undefined; readonly nowMs: number },
): Promise<EraseReport & { readonly sealed: number }> {
  const { token, escrow, nowMs } = options;
  const report = await callEngine('erase', { directory, token, nowMs });
  return { ...report, sealed: escrow === undefined ? 0 : eraseFromEscrow(escrow, new Set([token])) };
}

export interface KeyRotation {
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
  readonly escrow: string;
  /** The private key of the escrow. */
  readonly key: KeyObject;
  readonly nowMs: number;
}

/**
 * Replaces the tokens of the old key by those of the new one, in the columns and, sealed, in the escrow: there each id then has
 * both tokens, which is the map from old to new.
 */
export async function rotateKey(directory: string, rotation: KeyRotation): Promise<RotateReport> {
  const { oldKey, newKey, escrow, key, nowMs } = rotation;
  const [before, after] = [tokenizer(oldKey), tokenizer(newKey)];
  const owners = new Map<string, EscrowEntry['owner']>();
  const sealed = new Set<string>();
  for (const { token, owner } of readEscrow(escrow, key, () => undefined)) {
    owners.set(JSON.stringify([owner.kind, owner.space, owner.id]), owner);
    sealed.add(token);
  }
  const adding = openEscrow(escrow);
  const pairs: (readonly [bigint, bigint])[] = [];
  for (const owner of owners.values()) {
    const [old, fresh] = [before(owner), after(owner)];
    if (!sealed.has(fresh)) adding.add(owner, fresh);
    pairs.push([token64(old), token64(fresh)]);
  }
  adding.close();
  return callEngine('rotate', { directory, nowMs, oldKey: keyId(oldKey), newKey: keyId(newKey), pairs });
}
