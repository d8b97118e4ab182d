import { own } from '@leakproof/core/rules';
import { planFor, WHOLE_PLAN } from './compile-plan.ts';
import { innerPass } from '../read/wasm-reader.ts';
import { FEW, type KeyMeaning, type Layout, type ObjectPlan } from './tables.ts';

/** Layouts of one plan; beyond them the trie starts anew, so that hostile keys cost time but never memory. */
const MAX_LAYOUTS = 2_048;
/** Keys of one object that are remembered by layout. */
const MAX_KEYS = 256;
const USUAL = { once: undefined, misshapen: false };
const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();

/** The layout of an object without keys. */
export function emptyLayout(plan: ObjectPlan): Layout {
  const { trie } = plan;
  if (!trie.root || trie.size > MAX_LAYOUTS) {
    // What was told of the old root, in this plan and in those that lead to it, would never grow again.
    if (trie.root) innerPass()?.forget();
    trie.size = 0;
    trie.root = makeLayout(plan, undefined, undefined, USUAL);
  }
  return trie.root;
}

/** The child whose key stands, up to its colon, at `at`; undefined if none does, or not in these very bytes. */
// oxlint-disable-next-line max-params
export function childAt(layout: Layout, bytes: Uint8Array, at: number, limit: number): Layout | undefined {
  const { likely, children } = layout;
  if (likely === undefined) return undefined;
  if (isKeyAt(likely.keyBytes, bytes, at, limit)) return likely;
  if (children.length < 2 || children.length > FEW) return undefined;
  for (const child of children) {
    if (isKeyAt(child.keyBytes, bytes, at, limit)) {
      layout.likely = child;
      return child;
    }
  }
  return undefined;
}

// oxlint-disable-next-line max-params
function isKeyAt(key: Uint8Array, bytes: Uint8Array, at: number, limit: number): boolean {
  if (key.length === 0 || at + key.length > limit) return false;
  for (let index = 0; index < key.length; index++) if (bytes[at + index] !== key[index]) return false;
  return true;
}

/** The layout with `name` added; undefined if it stands in it already. */
export function withKey(layout: Layout, name: string): Layout | undefined {
  const known = layout.byName ? layout.byName.get(name) : layout.children.find((each) => each.key?.name === name);
  if (known) {
    layout.likely = known;
    return known;
  }
  const { once } = layout;
  if (once ? once.has(name) : stands(layout, name)) return undefined;
  const key = meaningOf(layout.plan, name);
  const { trie } = layout.plan;
  if (once || layout.size >= MAX_KEYS || trie.size > MAX_LAYOUTS) {
    const keys = once ?? new Set(namesOf(layout));
    keys.add(name);
    return makeLayout(layout.plan, layout, key, { once: keys, misshapen: false });
  }
  const child = makeLayout(layout.plan, layout, key, USUAL);
  trie.size++;
  layout.children.push(child);
  if (layout.children.length > FEW) (layout.byName ??= mapOf(layout.children)).set(name, child);
  layout.likely = child;
  innerPass()?.tell(child);
  return child;
}

/** The same layout, its last value misshapen. */
export function misshapenTwin(layout: Layout): Layout {
  if (!layout.twin) {
    const { plan, parent, key, once } = layout;
    layout.twin = makeLayout(plan, parent, key, { once, misshapen: true });
    if (!layout.once) layout.plan.trie.size++;
  }
  return layout.twin;
}

/** What every key means, in the order they stand. */
export function keysOf(layout: Layout): Layout[] {
  const keys: Layout[] = [];
  for (let at: Layout | undefined = layout; at?.key; at = at.parent) keys.push(at);
  return keys.reverse();
}

/** Which member names the owner, where one path does; -1 if none. */
export function placeOfOwner(layout: Layout): number {
  if (layout.ownerPlace === -2) {
    const first = layout.plan.owners[0]?.at.first;
    layout.ownerPlace = first === undefined ? -1 : placeOfKey(layout, first);
  }
  return layout.ownerPlace;
}

/** Which member of a layout a key is; -1 if none. */
export function placeOfKey(layout: Layout, name: string): number {
  layout.places ??= new Map(namesOf(layout).map((each, index) => [each, index]));
  return layout.places.get(name) ?? -1;
}

function mapOf(children: readonly Layout[]): Map<string, Layout> {
  return new Map(children.map((each) => [each.key?.name ?? '', each]));
}

function stands(layout: Layout, name: string): boolean {
  for (let at: Layout | undefined = layout; at?.key; at = at.parent) if (at.key.name === name) return true;
  return false;
}

function namesOf(layout: Layout): string[] {
  return keysOf(layout).flatMap((each) => each.key?.name ?? []);
}

function makeLayout(
  plan: ObjectPlan,
  parent: Layout | undefined,
  key: KeyMeaning | undefined,
  { once, misshapen }: Pick<Layout, 'once' | 'misshapen'>,
): Layout {
  const bytes =
    key && key.name !== '' && !once && JSON.stringify(key.name) === `"${key.name}"`
      ? encoder.encode(`"${key.name}":`)
      : undefined;
  return {
    plan,
    parent,
    key,
    value: key?.plan ?? WHOLE_PLAN,
    misshapen,
    size: parent ? parent.size + 1 : 0,
    keyBytes: bytes ?? NO_BYTES,
    passPlace: 0,
    passGeneration: 0,
    children: [],
    byName: undefined,
    places: undefined,
    ownerPlace: -2,
    likely: undefined,
    twin: undefined,
    once,
    verdicts: undefined,
  };
}

function meaningOf(plan: ObjectPlan, name: string): KeyMeaning {
  const { resource, shape, plans, narrow } = plan;
  if (!resource || !shape) {
    const field = { field: name, outsideProjection: false };
    return { name, selected: undefined, field, plan: WHOLE_PLAN, instead: undefined };
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
        ? WHOLE_PLAN
        : planFor(plans, selected?.shape ?? declared.shape, selected?.narrow ?? narrow),
    instead: declared?.instead === undefined ? undefined : encoder.encode(declared.instead),
  };
}
