import { isObject } from '../json/json-shape.ts';
import type { Rejects } from '../rejects.ts';

/** Characters beyond which a YAML document is read block by block. */
export const BIG_YAML = 4 * 1_048_576;
/** Blocks up to this size are parsed as they are. */
const BLOCK = 1_048_576;
/** A block that cannot be cut and is larger than this is not read. */
const LARGEST_BLOCK = 32 * 1_048_576;
const MAX_DEPTH = 6;

/** Parses YAML that begins at a line of the document; undefined if it cannot. */
export type ParseYaml = (text: string, line: number) => unknown;

/**
 * Reads a big document in block style key by key, so that never more than one block is unfolded. Lines of one indentation are
 * the keys of one mapping: whatever belongs to a key is indented deeper (YAML 1.2, 8.2). An alias whose anchor stands in
 * another block is a fault.
 */
export function loadBigYaml(text: string, parse: ParseYaml, rejects: Rejects, blockSize = BLOCK): unknown {
  return readMapping(text, 1, 0, { parse, rejects, blockSize });
}

interface Reading {
  readonly parse: ParseYaml;
  readonly rejects: Rejects;
  readonly blockSize: number;
}

function readMapping(text: string, line: number, depth: number, reading: Reading): unknown {
  const blocks = depth < MAX_DEPTH ? cutKeys(text, line) : [];
  if (blocks.length === 0) return parseBlock(text, line, reading);
  const whole: Record<string, unknown> = {};
  for (const block of blocks) {
    const value =
      block.text.length <= reading.blockSize
        ? parseBlock(block.text, block.line, reading)
        : readBlock(block, depth, reading);
    if (isObject(value)) for (const key of Object.keys(value)) define(whole, key, value[key]);
  }
  return whole;
}

/** `__proto__` is a key like any other. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function parseBlock(text: string, line: number, { parse, rejects }: Reading): unknown {
  if (text.length > LARGEST_BLOCK) {
    rejects.part('too-large', `line ${line}`);
    return undefined;
  }
  const value = parse(text, line);
  if (value === undefined) rejects.part('yaml-fault', `${line}:1`);
  return value;
}

interface Block {
  readonly text: string;
  readonly line: number;
}

/** A block of one key whose value is a mapping on the lines below; anything else is parsed as it is. */
function readBlock(block: Block, depth: number, reading: Reading): unknown {
  const end = block.text.indexOf('\n');
  // What YAML calls white space: other blanks are part of the key.
  const head = block.text.slice(0, end).replace(/^ +|[ \t\r]+$/g, '');
  if (!/^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s'"&*!|>%@`[\]{},#?-][^#]*?)[ \t]*:(?:[ \t]+#.*)?$/.test(head))
    return parseBlock(block.text, block.line, reading);
  const named = reading.parse(`${head} {}`, block.line);
  const key = isObject(named) ? Object.keys(named)[0] : undefined;
  if (key === undefined) return parseBlock(block.text, block.line, reading);
  const whole: Record<string, unknown> = {};
  define(whole, key, readMapping(block.text.slice(end + 1), block.line + 1, depth + 1, reading));
  return whole;
}

/** A line that begins with a key; a value that takes several lines never does on its first. */
const KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'&*!|>%@`[\]{}#?,][^]*?)[ \t]*:(?:[ \t\r\n]|$)/;

/** The blocks of a block mapping; none if the text is something else. */
function cutKeys(text: string, firstLine: number): Block[] {
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
    // An explicit key (`? key` and `: value` below it) takes two lines.
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
