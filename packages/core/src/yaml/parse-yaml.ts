import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';

/** Keys and indexes from the root of a document. */
export type YamlPath = readonly (string | number)[];

/** An error or a warning, by its offset into the text. */
export interface YamlFault {
  readonly message: string;
  readonly offset: number;
}

/**
 * A part of a YAML document that is lost. `syntax`: an error; `duplicate-key`: all values of a key but the last; `too-large`: a block
 * that cannot be divided. Lines and columns count from 1.
 */
export interface YamlLoss {
  readonly type: 'syntax' | 'duplicate-key' | 'too-large';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/**
 * `strict`: what people write for Leakproof; keys are unique, and a warning is a fault. `lenient`: what others wrote; merge keys are
 * read, and of duplicate keys the last counts.
 */
export type YamlPolicy = 'strict' | 'lenient';

const OPTIONS = {
  strict: { uniqueKeys: true, strict: true, version: '1.2' },
  lenient: { uniqueKeys: false, merge: true, logLevel: 'silent' },
} as const;

/** Most expansions of one node by aliases, against documents that grow exponentially. */
export const MAX_ALIASES = { strict: 100, lenient: 1000 } as const;

export interface ParsedYaml {
  readonly document: Document;
  readonly faults: readonly YamlFault[];
  /** Line and column of an offset, from 1. */
  readonly positionOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Parses YAML 1.2 (or JSON) with positions. May throw on nesting beyond the stack. */
export function parseYaml(text: string, policy: YamlPolicy): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS[policy], lineCounter: lines, prettyErrors: false });
  const found = policy === 'strict' ? [...document.errors, ...document.warnings] : document.errors;
  return {
    document,
    faults: found.map(({ message, code, pos }) => ({ message: message.split('\n', 1)[0] ?? code, offset: pos[0] })),
    positionOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}

/** The offset of the value at `path`, or of the nearest part of it that exists. `key`: of its key instead of its value. */
export function offsetAt({ document }: ParsedYaml, path: YamlPath, key = false): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.findLast(
        (each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(step),
      );
      if (!pair) return offset;
      offset = (last && !key ? startOf(pair.value) : undefined) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      node =
        isNode(node) && 'get' in node && typeof node.get === 'function'
          ? (node.get as (at: unknown, keep: boolean) => unknown)(step, true)
          : undefined;
      if (node === undefined) return offset;
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
