import { type Exchange, isLeakproofError, LeakproofError } from '@leakproof/core';
import { Proof } from '@leakproof/scan';
import { bytesOf, isCredentialHeader, readBytes, shapeOfString, shapeOfValue } from '@leakproof/sources';
import { parse } from 'yaml';
import { z } from 'zod';
import { INTAKE_LIMITS } from './limits.ts';

/** A request of a proof, without values: ids and words are replaced by their shapes, credentials are dropped. */
export interface RedactedRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly hasCredential: boolean;
  readonly status?: number | undefined;
  /** Names of the fields of the response, with shapes. */
  readonly fields: readonly string[];
}

/** A proof as it is kept. */
export interface TakenProof {
  readonly format: 'leakproof' | 'curl' | 'har' | 'postman' | 'arazzo' | 'other';
  /** JSON: the proof itself for our format, redacted requests for the others. */
  readonly body: string;
  readonly isRunnable: boolean;
  /** Ids of the records of its finding; empty for formats that have none. */
  readonly findings: readonly string[];
  readonly note: string;
}

const ARAZZO = z.object({
  arazzo: z.string(),
  workflows: z
    .array(
      z.object({ workflowId: z.string(), steps: z.array(z.object({ stepId: z.string() }).loose()).max(500) }).loose(),
    )
    .max(100),
});

/**
 * Reads a file that may be a proof: our own format, a curl command, a HAR, a Postman collection or an Arazzo description. Undefined if
 * it is none: then it is kept as an attachment. Nothing is unzipped, and what is kept holds no value of the file.
 */
export async function readProofFile(name: string, bytes: Uint8Array): Promise<TakenProof | undefined> {
  if (bytes.length === 0 || bytes.length > INTAKE_LIMITS.fileBytes || bytes.includes(0) || bytes[0] === 0x1f)
    return undefined;
  const text = new TextDecoder().decode(bytes);
  const json = text.trimStart().startsWith('{') ? readJson(text) : undefined;
  if (isObject(json) && 'leakproof-proof' in json) return ownProof(json);
  if ((isObject(json) && 'arazzo' in json) || /^arazzo:\s/m.test(text.slice(0, 4096))) return arazzo(json, text);
  if (!isObject(json) && !/^\s*(?:\$\s+)?curl\s/m.test(text.slice(0, 4096))) return undefined;
  return exchanges(name, text);
}

/** JSON that is not nested too deeply. A deep document is refused before a parser that calls itself sees it. */
function readJson(text: string): unknown {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > INTAKE_LIMITS.jsonDepth)
        throw new LeakproofError(
          'LP-DESK-INPUT-INVALID',
          `A file nests deeper than ${INTAKE_LIMITS.jsonDepth} levels.`,
        );
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function ownProof(json: object): TakenProof {
  const parsed = Proof.safeParse(json);
  if (!parsed.success)
    throw new LeakproofError('LP-DESK-INPUT-INVALID', 'A file says that it is a proof of Leakproof, but is not valid.');
  const { id, records } = parsed.data.finding;
  const ids = [...new Set(records.map((record) => record.id))].slice(0, INTAKE_LIMITS.proofRequests);
  return {
    format: 'leakproof',
    body: JSON.stringify(parsed.data),
    isRunnable: true,
    findings: ids.length > 0 ? ids : [id],
    note: `${parsed.data.requests.length} requests, ${parsed.data.ladder.length} places`,
  };
}

function arazzo(json: unknown, text: string): TakenProof {
  let document = json;
  try {
    document ??= parse(text, { maxAliasCount: 10 }) as unknown;
  } catch {
    document = undefined;
  }
  const parsed = ARAZZO.safeParse(document);
  if (!parsed.success)
    throw new LeakproofError('LP-DESK-INPUT-INVALID', 'A file says that it is Arazzo, but is not valid.');
  const steps = parsed.data.workflows.flatMap(({ workflowId, steps: each }) =>
    each.map((step) => ({
      workflow: clip(workflowId),
      step: clip(step.stepId),
      operation: clip(
        stringIn(step, 'operationId') ?? stringIn(step, 'operationPath') ?? stringIn(step, 'workflowId') ?? '',
      ),
    })),
  );
  return {
    format: 'arazzo',
    body: JSON.stringify({ steps }),
    isRunnable: false,
    findings: [],
    note: `${steps.length} steps`,
  };
}

async function exchanges(name: string, text: string): Promise<TakenProof | undefined> {
  const requests: RedactedRequest[] = [];
  let format = 'other';
  let rejects = 0;
  try {
    for await (const batch of readBytes(bytesOf(name, text), { maxDocumentBytes: INTAKE_LIMITS.fileBytes })) {
      for (const reading of batch) {
        if (reading.type === 'exchange') {
          format = reading.exchange.provenance.reader;
          if (requests.length < INTAKE_LIMITS.proofRequests) requests.push(redactExchange(reading.exchange));
          else rejects++;
        } else rejects++;
      }
    }
  } catch (error) {
    if (isLeakproofError(error) && error.code === 'LP-SOURCE-UNKNOWN') return undefined;
    throw error;
  }
  if (requests.length === 0) return undefined;
  const known = (['curl', 'har', 'postman'] as const).find((each) => each === format) ?? 'other';
  const note = `${requests.length} requests${rejects > 0 ? `, ${rejects} parts not read` : ''}`;
  return { format: known, body: JSON.stringify({ requests }), isRunnable: false, findings: [], note };
}

function redactExchange({ request, response }: Exchange): RedactedRequest {
  const [path = '', query = ''] = request.target.split('?', 2);
  const shaped = path
    .split('/')
    .slice(0, 40)
    .map((segment) => (isName(segment) ? segment : `{${shapeOfString(segment)}}`));
  const names = request.headers.map(([header]) => header);
  return {
    method: clip(request.method, 20),
    host: clip(request.authority),
    path: shaped.join('/'),
    query: [...new URLSearchParams(query).keys()].slice(0, 40).map((each) => clip(each)),
    headers: [...new Set(names)].slice(0, 60).map((each) => clip(each)),
    hasCredential: names.some((each) => isCredentialHeader(each)),
    status: response?.status,
    fields: response?.body ? fieldsOf(response.body) : [],
  };
}

/** Words of a path: letters, and versions. Names of people have capitals or digits more often than not, and are shaped. */
const isName = (segment: string): boolean => /^(?:[a-z][a-z_-]{0,24}|v\d{1,2})?$/.test(segment);

function fieldsOf(body: Uint8Array): string[] {
  if (body.length > INTAKE_LIMITS.fileBytes) return [];
  const fields = new Set<string>();
  const visit = (value: unknown, at: string): void => {
    if (fields.size >= 200 || at.length > 400) return;
    if (Array.isArray(value)) for (const each of value.slice(0, 20)) visit(each, `${at}/*`);
    else if (isObject(value))
      for (const [key, each] of Object.entries(value))
        visit(each, `${at}/${/^[A-Za-z_][\w-]{0,40}$/.test(key) ? key : '{key}'}`);
    else fields.add(`${at}: ${shapeOfValue(value)}`);
  };
  visit(readJson(new TextDecoder().decode(body)), '');
  return [...fields];
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const clip = (text: string, max = 120): string => text.slice(0, max);
const stringIn = (value: Record<string, unknown>, key: string): string | undefined =>
  typeof value[key] === 'string' ? value[key] : undefined;
