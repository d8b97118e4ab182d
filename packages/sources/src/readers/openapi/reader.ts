import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { isObject, type JsonObject } from '../../reading/json/json-shape.ts';
import { maxDocumentBytes, maxFields } from '../../reading/limits.ts';
import { loadYaml } from '../../reading/yaml/load-yaml.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects } from '../../reading/rejects.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';
import { loadReferenced } from './external.ts';
import { readPathItem, type Description } from './operations.ts';
import { createReferences } from './references.ts';
import { schemeTypes } from './security.ts';

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
  const document = loadYaml(text, rejects);
  const version = isObject(document) ? versionOf(document) : undefined;
  if (!isObject(document) || version === undefined) {
    const code =
      document === undefined
        ? 'not-yaml'
        : isObject(document) && hasVersion(document)
          ? 'version-unsupported'
          : 'wrong-document';
    yield [...rejects.drain(), rejects.one(code, '/')];
    return;
  }
  const location = URL.canParse(input.name) ? input.name : pathToFileURL(resolve(input.name)).href;
  // 3.2: $self is the base URI of relative references.
  const base = (typeof document.$self === 'string' ? URL.parse(document.$self, location)?.href : undefined) ?? location;
  const references = createReferences(await loadReferenced({ value: document, base }, options.externalRefs, rejects));
  yield* readPaths({
    document,
    base,
    version,
    references,
    schemes: schemeTypes(document, base, references),
    cache: new WeakMap(),
    maxFields: maxFields(options),
    rejects,
    file: input.name,
  });
}

function* readPaths(description: Description): Generator<readonly Reading[]> {
  const { document, rejects } = description;
  const { paths } = document;
  if (isObject(paths)) {
    for (const [path, item] of Object.entries(paths)) {
      if (!path.startsWith('x-')) yield [...readPathItem(path, item, description)];
    }
  } else if (paths !== undefined && paths !== null) {
    yield [rejects.one('wrong-document', '/paths')];
  }
  yield rejects.drain();
}

function hasVersion({ openapi: v3, swagger: v2 }: JsonObject): boolean {
  return v3 !== undefined || v2 !== undefined;
}

function versionOf({ openapi: v3, swagger: v2 }: JsonObject): 2 | 3 | undefined {
  if (/^3(?:\.|$)/.test(String(v3))) return 3;
  return /^2(?:\.|$)/.test(String(v2)) ? 2 : undefined;
}
