import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { LeakproofError } from '@leakproof/core';
import type { FastifyRequest } from 'fastify';
import type { IncomingFile } from '../intake/incoming-file.ts';
import { INTAKE_LIMITS } from '../intake/limits.ts';

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly IncomingFile[];
}

const DRAIN_MS = 2_000;
const { bodyBytes, fileBytes, files: maxFiles, textChars } = INTAKE_LIMITS;

/** Reads a form as it streams in. Throws LP-DESK-TOO-LARGE as soon as a limit is passed, LP-DESK-INPUT-INVALID. */
export async function readForm({ raw, headers }: FastifyRequest): Promise<Form> {
  const tooLarge = (what: string): LeakproofError => new LeakproofError('LP-DESK-TOO-LARGE', what);
  const invalid = (cause?: unknown): LeakproofError =>
    new LeakproofError('LP-DESK-INPUT-INVALID', 'The form cannot be read.', { cause });
  if (Number(headers['content-length'] ?? 0) > bodyBytes) {
    await drain(raw);
    throw tooLarge(`The form is larger than ${bodyBytes} bytes.`);
  }
  return new Promise<Form>((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const files: IncomingFile[] = [];
    let total = 0;
    let parser: InstanceType<typeof Busboy>;
    const fail = async (error: LeakproofError): Promise<void> => {
      raw.unpipe(parser);
      await drain(raw);
      reject(error);
    };
    try {
      parser = new Busboy({
        headers: headers as BusboyHeaders,
        limits: {
          fieldNameSize: 100,
          fieldSize: textChars * 4,
          fields: 40,
          fileSize: fileBytes,
          files: maxFiles,
          parts: 60,
          headerPairs: 40,
        },
      });
    } catch (error) {
      reject(invalid(error));
      return;
    }
    raw.on('data', (piece: Buffer) => {
      total += piece.length;
      if (total > bodyBytes) void fail(tooLarge(`The form is larger than ${bodyBytes} bytes.`));
    });
    raw.on('aborted', () => reject(invalid()));
    parser.on('field', (name, value, ...cut) => {
      if (cut[0] || cut[1]) void fail(tooLarge('A field is longer than its limit.'));
      else fields[name] = value;
    });
    parser.on('file', (_field, stream, name) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('limit', () => void fail(tooLarge(`A file is larger than ${fileBytes} bytes.`)));
      stream.on('end', () => {
        const content = Buffer.concat(pieces);
        // A form without a chosen file sends an empty one without a name.
        if (content.length > 0 || (name ?? '') !== '') files.push({ name: name ?? 'file', content });
      });
    });
    parser.on('filesLimit', () => void fail(tooLarge(`More than ${maxFiles} files.`)));
    parser.on('fieldsLimit', () => void fail(invalid()));
    parser.on('partsLimit', () => void fail(invalid()));
    parser.on('error', (error) => void fail(invalid(error)));
    parser.on('finish', () => resolve({ fields, files }));
    raw.pipe(parser);
  });
}

/** Discards the rest of a body, for a short time: a sender that is still writing does not read an answer. */
async function drain(raw: IncomingMessage): Promise<void> {
  raw.resume();
  if (raw.readableEnded || raw.destroyed) return;
  await Promise.race([once(raw, 'close'), once(raw, 'end'), wait(DRAIN_MS, undefined, { ref: false })]).catch(
    () => undefined,
  );
}
