import type { Window } from '../store/store.ts';

const PAGE = 20;

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** One page. An item whose node is withheld (null) is left out of it. The cursor is an offset in decimal. */
export function connection<Item, Node>(
  { first = PAGE, after }: { readonly first?: number; readonly after?: string | null | undefined },
  fetch: (window: Window) => readonly Item[],
  toNode: (item: Item) => Node | null,
): Connection<Node> {
  const offset = /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
  const items = fetch({ limit: first + 1, offset });
  const edges = items.slice(0, first).flatMap((item, index) => {
    const node = toNode(item);
    return node === null ? [] : [{ cursor: String(offset + index + 1), node }];
  });
  const hasNextPage = items.length > first;
  return { edges, pageInfo: { hasNextPage, endCursor: hasNextPage ? String(offset + first) : null } };
}
