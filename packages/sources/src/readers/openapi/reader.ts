import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isObject } from '@leakproof/core';
import { type Documents, hasInvalidPaths, loadYaml, openDescription, type YamlLoss } from '@leakproof/core/openapi';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';
import { maxDocumentBytes, maxFields } from '../../reading/limits.ts';
import type { FetchRef, Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects, type Rejects } from '../../reading/rejects.ts';

/** OpenAPI 2.0 (Swagger), 3.0, 3.1 and 3.2, JSON or YAML. */
export const openapi: Reader = {
  id: 'openapi',
  title: 'OpenAPI 2.0, 3.0, 3.1, 3.2',
  extensions: ['.yaml', '.yml', '.json'],
  yields: 'operations',
  recognises(head) {
    const text = headText(head);
    if (/^\s*\{/.test(text)) {
      if (/^\s*\{\s*"(?:openapi|swagger)"\s*:\s*"/.test(text)) return 0.95;
      if (/"(?:openapi|swagger)"\s*:\s*"[\d.]+"/.test(text)) return 0.9;
      return /"(?:paths|components|definitions)"\s*:\s*\{/.test(text) && /"info"\s*:\s*\{/.test(text) ? 0.4 : 0;
    }
    if (/^(?:"|')?(?:openapi|swagger)(?:"|')?\s*:\s*['"]?\d/m.test(text)) return 0.95;
    return /^paths:\s*$/m.test(text) && /^info:\s*$/m.test(text) ? 0.4 : 0;
  },
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('openapi', input.name);
  const text = await wholeText(input, maxDocumentBytes(options));
  if (text === undefined) {
    yield [rejects.one('document-too-large', '/')];
    return;
  }
  const document = loadYaml(text, rejectLoss(rejects));
  const description = openDescription(document, baseOf(document, input.name), locate);
  if (typeof description === 'string') {
    yield [...rejects.drain(), rejects.one(document === undefined ? 'not-yaml' : description, '/')];
    return;
  }
  await loadReferenced(description.documents, options.externalRefs, rejects);
  const items = description.operations({
    file: input.name,
    maxFields: maxFields(options),
    lost: ({ code, at }) => rejects.part(code, at),
  });
  for (const batch of items) {
    yield batch.map((item) =>
      item.type === 'operation'
        ? { type: 'operation', operation: item.operation }
        : rejects.one(item.problem.code, item.problem.at),
    );
  }
  if (hasInvalidPaths(document)) yield [rejects.one('wrong-document', '/paths')];
  yield rejects.drain();
}

function rejectLoss(rejects: Rejects): (loss: YamlLoss) => void {
  return ({ type, line, column }) => {
    if (type === 'too-large') rejects.part('too-large', `line ${line}`);
    else rejects.part(type === 'syntax' ? 'yaml-fault' : 'yaml-duplicate', `${line}:${column}`);
  };
}

/** The base URI of references; since 3.2 a document may say it in `$self`. */
function baseOf(document: unknown, name: string): string {
  const location = URL.canParse(name) ? name : pathToFileURL(resolve(name)).href;
  const self = isObject(document) && typeof document.$self === 'string' ? locate(document.$self, location) : undefined;
  return self ?? location;
}

function locate(path: string, from: string): string | undefined {
  return URL.parse(path, from)?.href;
}

/** Loads all documents that a description refers to, and those that they refer to; without `fetchRef` none. */
async function loadReferenced(documents: Documents, fetchRef: FetchRef | undefined, rejects: Rejects): Promise<void> {
  if (fetchRef === undefined) return;
  for (let wanted = documents.wanted(); wanted.length > 0; wanted = documents.wanted()) {
    for (const { id, from } of wanted) {
      const bytes = await fetchRef(id, from.base).catch(() => undefined);
      const value = bytes === undefined ? undefined : loadYaml(Buffer.from(bytes).toString(), rejectLoss(rejects));
      if (value !== undefined) documents.supply(id, value);
    }
  }
}
