import { isObject } from '../wire/json-value.ts';
import type { YamlLoss } from './parse-yaml.ts';

/** Longer documents, in characters, are read block by block. */
export const BIG_YAML = 4 * 1_048_576;
/** Blocks up to this size are parsed as a whole. */
const BLOCK = 1_048_576;
/** A larger block that cannot be divided is not read. */
const LARGEST_BLOCK = 32 * 1_048_576;
const MAX_DEPTH = 6;

/** Parses YAML that begins at a line of the document; undefined if it cannot. */
export type ParseYaml = (text: string, line: number) => unknown;

/**
 * Reads a big document in block style key by key, so that only one block is parsed at a time. Lines of the same indentation are the
 * keys of one mapping, and the value of a key is indented deeper (YAML 1.2 §8.2). An alias whose anchor is in another block is an
 * error.
 */
export function loadBigYaml(text: string, { parse, lost, blockSize = BLOCK }: BigYamlOptions): unknown {
  return readMapping({ text, line: 1 }, 0, { parse, lost, blockSize });
}

interface BlockContext {
  readonly parse: ParseYaml;
  readonly lost: (loss: YamlLoss) => void;
  readonly blockSize: number;
}

type BigYamlOptions = Omit<BlockContext, 'blockSize'> & Partial<Pick<BlockContext, 'blockSize'>>;

function readMapping(mapping: Block, depth: number, context: BlockContext): unknown {
  const blocks = depth < MAX_DEPTH ? splitKeys(mapping) : [];
  if (blocks.length === 0) return parseBlock(mapping, context);
  const whole: Record<string, unknown> = {};
  for (const block of blocks) {
    const value =
      block.text.length <= context.blockSize ? parseBlock(block, context) : readBlock(block, depth, context);
    if (!isObject(value)) continue;
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(whole, key)) {
        const message = `The key "${key}" occurs twice; the last one counts.`;
        context.lost({ type: 'duplicate-key', message, line: block.line, column: 1 });
      }
      define(whole, key, value[key]);
    }
  }
  return whole;
}

/** `__proto__` is a key like any other. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function parseBlock({ text, line }: Block, { parse, lost }: BlockContext): unknown {
  if (text.length > LARGEST_BLOCK) {
    lost({ type: 'too-large', message: 'A block of the document is too large.', line, column: 1 });
    return undefined;
  }
  const value = parse(text, line);
  if (value === undefined)
    lost({ type: 'syntax', message: 'A block of the document cannot be read.', line, column: 1 });
  return value;
}

interface Block {
  readonly text: string;
  readonly line: number;
}

/** Reads a block of one key whose value is a mapping on the lines below; any other block is parsed as a whole. */
function readBlock(block: Block, depth: number, context: BlockContext): unknown {
  const end = block.text.indexOf('\n');
  // White space of YAML only: other blanks are part of the key.
  const head = block.text.slice(0, end).replace(/^ +|[ \t\r]+$/g, '');
  if (!/^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s'"&*!|>%@`[\]{},#?-][^#]*?)[ \t]*:(?:[ \t]+#.*)?$/.test(head))
    return parseBlock(block, context);
  const named = context.parse(`${head} {}`, block.line);
  const key = isObject(named) ? Object.keys(named)[0] : undefined;
  if (key === undefined) return parseBlock(block, context);
  const whole: Record<string, unknown> = {};
  define(whole, key, readMapping({ text: block.text.slice(end + 1), line: block.line + 1 }, depth + 1, context));
  return whole;
}

/** A line that begins with a key. The first line of a value of several lines never does. */
const KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'&*!|>%@`[\]{}#?,][^]*?)[ \t]*:(?:[ \t\r\n]|$)/;

/** The blocks of a block mapping, one for each key; empty if the text is not one. */
function splitKeys({ text, line: firstLine }: Block): Block[] {
  const blocks: Block[] = [];
  let indent: string | undefined;
  let start = 0;
  let startLine = firstLine;
  let line = firstLine;
  for (let at = 0; at < text.length; line += 1) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    const lead = /^ */.exec(text.slice(at, Math.min(next, at + 64)))?.[0] ?? '';
    const first = text[at + lead.length];
    const isItem = first === '-' && /[ \t\r\n]/.test(text[at + lead.length + 1] ?? ' ');
    const blank =
      first === '\n' || first === '\r' || first === undefined || first === '#' || text.startsWith('---', at);
    // Explicit keys (`? key`, then `: value`) take two lines.
    if (!blank && (first === '?' || first === ':') && (indent === undefined || lead === indent)) return [];
    if (!blank) {
      if (indent === undefined) {
        if (isItem || !KEY.test(text.slice(at + lead.length, next))) return [];
        [indent, start, startLine] = [lead, at, line];
      } else if (lead.length < indent.length) return [];
      else if (lead === indent && !isItem && at > start) {
        blocks.push({ text: text.slice(start, at), line: startLine });
        [start, startLine] = [at, line];
      }
    }
    at = next;
  }
  if (indent !== undefined) blocks.push({ text: text.slice(start), line: startLine });
  return blocks;
}
