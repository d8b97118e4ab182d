import { type EpochMs, LeakproofError } from '@leakproof/core';
import { Proof } from '@leakproof/scan';
import type { ProofRow } from '@leakproof/store';
import { changeCase, type LoadedCase } from './change-case.ts';
import type { DeskContext } from './context.ts';

/**
 * Counts exposed people by the ledger, for the operations and fields of the case's proofs; of every field if it has none. They are
 * owed a notice from then on. Throws LP-DESK-REFUSED without a ledger.
 */
export async function countCase(
  id: string,
  period: { readonly sinceMs?: EpochMs; readonly untilMs?: EpochMs },
  context: DeskContext,
): Promise<LoadedCase> {
  const { countExposed, store, now } = context;
  if (!countExposed) throw new LeakproofError('LP-DESK-REFUSED', 'No ledger is configured.');
  const proofs = (await store.rows.proofsOf(id)).flatMap(proofIn);
  const { tokens, ...counts } = await countExposed({
    operations: distinct(proofs.flatMap(({ ladder }) => ladder.map(({ operation }) => operation))),
    fields: distinct(proofs.flatMap(({ ladder }) => ladder.map(({ resource, field }) => `${resource}.${field}`))),
    ...period,
  });
  return changeCase(
    id,
    async ({ desk }, rows) => {
      await rows.owe(tokens.map((person) => ({ caseId: id, person, state: 'owed', atMs: now(), how: null })));
      const isSame = JSON.stringify(desk.counts) === JSON.stringify(counts);
      return isSame ? [] : [{ actor: 'desk', body: { kind: 'count', ...counts } }];
    },
    context,
  );
}

function proofIn({ body, runnable }: ProofRow): readonly Proof[] {
  if (runnable !== 1) return [];
  const parsed = Proof.safeParse(JSON.parse(body));
  return parsed.success ? [parsed.data] : [];
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();
