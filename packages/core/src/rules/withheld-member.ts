import type { SelectedKey } from '../contract/shape.ts';

/** What a member becomes whose value is withheld. */
export type WithheldMember =
  | { readonly action: 'omit' | 'propagate' }
  | { readonly action: 'replace'; readonly by: string };

/**
 * The literal of the contract where it has one. Else a member of REST is omitted; one that GraphQL selected is null, and where
 * the schema forbids null its object is withheld (GraphQL specification, §6.4.4) — but not where the body leaves unchanged.
 */
export function withheldMember(
  instead: string | undefined,
  selected: SelectedKey | undefined,
  mode: 'enforce' | 'monitor',
): WithheldMember {
  if (instead !== undefined) return { action: 'replace', by: instead };
  if (!selected) return { action: 'omit' };
  return selected.nonNull && mode === 'enforce' ? { action: 'propagate' } : { action: 'replace', by: 'null' };
}
