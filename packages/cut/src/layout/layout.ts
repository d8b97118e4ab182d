import { own } from '@leakproof/core/rules';
import { ANY_PLAN, planFor } from './compile-plan.ts';
import { wasmReader } from '../read/wasm-reader.ts';
import { type KeyMeaning, type Layout, MAX_PROBED_CHILDREN, type ObjectPlan } from './tables.ts';

/** Layouts of one plan; with more, its trie is dropped and grown again: hostile keys cost time, not memory. */
const MAX_LAYOUTS = 2_048;
/** Objects with more keys have layouts that are not kept in the trie. */
const MAX_KEYS = 256;
const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();

type NewLayout = Pick<Layout, 'plan' | 'parent' | 'key' | 'uncachedKeys' | 'misshapen'>;

/** The layout of an object without keys. */
export function emptyLayout(plan: ObjectPlan): Layout {
  const { trie } = plan;
  if (!trie.root || trie.size > MAX_LAYOUTS) {
    // Copies of the old root, also as the value of other plans, would never get new children.
    if (trie.root) wasmReader()?.resetLayouts();
    trie.size = 0;
    trie.root = makeLayout({ plan, parent: undefined, key: undefined, uncachedKeys: undefined, misshapen: false });
  }
  return trie.root;
}

/** The child whose key and colon are at `at`, byte for byte; undefined if there is none. */
// oxlint-disable-next-line max-params -- an object here would be one more for each member of a body
export function childAt(layout: Layout, bytes: Uint8Array, at: number, limit: number): Layout | undefined {
  const { likely, children } = layout;
  if (likely === undefined) return undefined;
  if (isKeyAt(likely.keyBytes, bytes, at, limit)) return likely;
  if (children.length < 2 || children.length > MAX_PROBED_CHILDREN) return undefined;
  for (const child of children) {
    if (isKeyAt(child.keyBytes, bytes, at, limit)) {
      layout.likely = child;
      return child;
    }
  }
  return undefined;
}

// oxlint-disable-next-line max-params -- as above
function isKeyAt(key: Uint8Array, bytes: Uint8Array, at: number, limit: number): boolean {
  if (key.length === 0 || at + key.length > limit) return false;
  for (let index = 0; index < key.length; index++) if (bytes[at + index] !== key[index]) return false;
  return true;
}

/** The layout with the key `name` added; undefined if it is a duplicate. */
export function withKey(layout: Layout, name: string): Layout | undefined {
  const known = layout.byName ? layout.byName.get(name) : layout.children.find((each) => each.key?.name === name);
  if (known) {
    layout.likely = known;
    return known;
  }
  const { plan, uncachedKeys } = layout;
  if (uncachedKeys ? uncachedKeys.has(name) : hasKey(layout, name)) return undefined;
  const key = meaningOf(plan, name);
  const { trie } = plan;
  if (uncachedKeys || layout.size >= MAX_KEYS || trie.size > MAX_LAYOUTS) {
    const keys = uncachedKeys ?? new Set(namesOf(layout));
    keys.add(name);
    return makeLayout({ plan, parent: layout, key, uncachedKeys: keys, misshapen: false });
  }
  const child = makeLayout({ plan, parent: layout, key, uncachedKeys: undefined, misshapen: false });
  trie.size++;
  layout.children.push(child);
  if (layout.children.length > MAX_PROBED_CHILDREN) (layout.byName ??= mapOf(layout.children)).set(name, child);
  layout.likely = child;
  wasmReader()?.addLayout(child);
  return child;
}

/** The same layout with a misshapen last value. */
export function misshapenVariantOf(layout: Layout): Layout {
  if (!layout.misshapenVariant) {
    const { plan, parent, key, uncachedKeys } = layout;
    layout.misshapenVariant = makeLayout({ plan, parent, key, uncachedKeys, misshapen: true });
    if (!layout.uncachedKeys) layout.plan.trie.size++;
  }
  return layout.misshapenVariant;
}

/** The layouts of all keys so far, in order. */
export function keysOf(layout: Layout): Layout[] {
  const keys: Layout[] = [];
  for (let at: Layout | undefined = layout; at?.key; at = at.parent) keys.push(at);
  return keys.reverse();
}

/** The index of the member that names the only owner; -1 if it is absent. */
export function ownerIndexOf(layout: Layout): number {
  if (layout.ownerIndex === -2) {
    const first = layout.plan.owners[0]?.at.first;
    layout.ownerIndex = first === undefined ? -1 : memberIndexOf(layout, first);
  }
  return layout.ownerIndex;
}

/** The index of a key; -1 if it is absent. */
export function memberIndexOf(layout: Layout, name: string): number {
  layout.memberIndexes ??= new Map(namesOf(layout).map((each, index) => [each, index]));
  return layout.memberIndexes.get(name) ?? -1;
}

function mapOf(children: readonly Layout[]): Map<string, Layout> {
  return new Map(children.map((each) => [each.key?.name ?? '', each]));
}

function hasKey(layout: Layout, name: string): boolean {
  for (let at: Layout | undefined = layout; at?.key; at = at.parent) if (at.key.name === name) return true;
  return false;
}

function namesOf(layout: Layout): string[] {
  return keysOf(layout).flatMap((each) => each.key?.name ?? []);
}

function makeLayout({ plan, parent, key, uncachedKeys, misshapen }: NewLayout): Layout {
  const bytes =
    key && key.name !== '' && !uncachedKeys && JSON.stringify(key.name) === `"${key.name}"`
      ? encoder.encode(`"${key.name}":`)
      : undefined;
  return {
    plan,
    parent,
    key,
    value: key?.plan ?? ANY_PLAN,
    misshapen,
    size: parent ? parent.size + 1 : 0,
    keyBytes: bytes ?? NO_BYTES,
    wasmAddress: 0,
    wasmGeneration: 0,
    children: [],
    byName: undefined,
    memberIndexes: undefined,
    ownerIndex: -2,
    likely: undefined,
    misshapenVariant: undefined,
    uncachedKeys,
    decisionTrees: undefined,
  };
}

function meaningOf(plan: ObjectPlan, name: string): KeyMeaning {
  const { resource, shape, plans, narrow } = plan;
  if (!resource || !shape) {
    const field = { field: name, outsideProjection: false };
    return { name, selected: undefined, field, plan: ANY_PLAN, instead: undefined };
  }
  const selected = shape.keys ? own(shape.keys, name) : undefined;
  const fieldName = selected?.field ?? name;
  const declared = own(resource.fields, fieldName);
  const undeclared = !declared || (shape.keys !== undefined && !selected);
  return {
    name,
    selected,
    field: undeclared
      ? { field: fieldName, fault: 'undeclared', outsideProjection: false }
      : { field: fieldName, outsideProjection: shape.only !== undefined && !shape.only.includes(fieldName) },
    plan:
      !declared || selected?.added
        ? ANY_PLAN
        : planFor(plans, selected?.shape ?? declared.shape, {
            narrow: selected?.narrow ?? narrow,
            mapField: undefined,
          }),
    instead: declared?.instead === undefined ? undefined : encoder.encode(declared.instead),
  };
}
