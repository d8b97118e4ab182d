import { createFingerprint } from '../reading/caller.ts';
import type { ByteSource } from '../reading/bytes/byte-source.ts';
import { maxItemBytes } from '../reading/limits.ts';
import { LOG_FORMATS } from './log-formats.ts';
import { exchangeOfRecord, type LineParser, type LogFormat, type LogLine } from '../reading/access-log/log-format.ts';
import type { Reader, Reading, ReadOptions } from '../reading/reader.ts';
import { createRejects } from '../reading/rejects.ts';
import { LineSplitter } from '../reading/bytes/split-lines.ts';

/** Lines by which a format is recognised. */
const HEAD_LINES = 40;
const MAX_LINE_BYTES = 1_048_576;

/**
 * A reader of access logs in `format`. A line in another format is read with the parser of that format, so that a log whose format
 * changes, or a file of several logs, is read completely.
 */
export function logReader(format: LogFormat, about: Pick<Reader, 'title' | 'extensions'>): Reader {
  return {
    ...about,
    id: format.id,
    yields: 'exchanges',
    recognises: (head) => 0.9 * shareOfLines(format, head),
    read: (input, options) => readLog(format, input, options),
  };
}

function shareOfLines(format: LogFormat, head: Uint8Array): number {
  const parse = format.start({});
  if (parse === undefined) return 0;
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString();
  const lines = text.split(/\r?\n/, HEAD_LINES).filter((line) => line.trim() !== '');
  if (lines.length > 1 && lines.length < HEAD_LINES && !text.endsWith('\n') && head.length >= 65_536) lines.pop();
  let ours = 0;
  let requests = 0;
  for (const line of lines) {
    const parsed = parse(line);
    if (parsed !== undefined) ours += 1;
    if (typeof parsed === 'object') requests += 1;
  }
  return lines.length === 0 || requests === 0 ? 0 : ours / lines.length;
}

async function* readLog(
  format: LogFormat,
  input: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects(format.id, input.name);
  const context = {
    reader: format.id,
    file: input.name,
    fingerprint: createFingerprint(options.fingerprintKey),
    options,
  };
  const parse = startAll(format, options);
  let batch: Reading[] = [];
  const lines = new LineSplitter(Math.min(MAX_LINE_BYTES, maxItemBytes(options)), (line, number) => {
    if (line === undefined) {
      batch.push(rejects.one('too-large', `line ${number}`));
      return;
    }
    if (line === '') return;
    const parsed = parse(line);
    if (parsed === 'comment') return;
    const exchange = typeof parsed === 'object' ? exchangeOfRecord(parsed, number, context) : undefined;
    if (exchange !== undefined) batch.push({ type: 'exchange', exchange });
    else batch.push(rejects.one(parsed === undefined ? 'line-unreadable' : 'line-not-a-request', `line ${number}`));
  });
  for await (const chunk of input) {
    lines.push(chunk);
    yield batch;
    batch = [];
  }
  lines.end();
  yield batch;
}

/** A parser of all formats. It tries the format of the previous line first. */
function startAll(first: LogFormat, options: ReadOptions): LineParser {
  const parsers: LineParser[] = [];
  for (const format of [first, ...LOG_FORMATS.filter((other) => other.id !== first.id)]) {
    const parser = format.start(options);
    if (parser !== undefined) parsers.push(parser);
  }
  let current = parsers[0];
  return (line): LogLine => {
    const parsed = current?.(line);
    if (parsed !== undefined) return parsed;
    for (const parser of parsers) {
      if (parser === current) continue;
      const other = parser(line);
      if (other === undefined) continue;
      current = parser;
      return other;
    }
    return undefined;
  };
}
