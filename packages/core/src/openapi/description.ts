import { isObject, type JsonObject } from '../wire/json-value.ts';
import { createDocuments, type Documents } from './documents.ts';
import { type DescribedItem, readPathItem } from './operations.ts';
import type { DescriptionProblem } from './problem.ts';
import { createReferences, type Locate } from './references.ts';
import { schemeTypes } from './security.ts';

/** Why a document is no description that can be read. */
export type NoDescription = 'wrong-document' | 'version-unsupported';

/** A description of an API: OpenAPI 2.0 (Swagger), 3.0, 3.1 or 3.2. */
export interface Description {
  /** Documents that are to be supplied before operations are read. */
  readonly documents: Documents;
  /** The operations under `paths`, a path item at a time; not `webhooks` and `callbacks`, which are requests by the API. */
  operations(options: ReadOperations): Generator<readonly DescribedItem[]>;
}

export interface ReadOperations {
  /** Named as the source of operations. */
  readonly file: string;
  /** Most properties listed for one body; 0: none, and what bodies refer to is not read. */
  readonly maxFields: number;
  /** Is told of parts that are lost of operations that are read. */
  readonly lost: (problem: DescriptionProblem) => void;
}

/** The description in a document that was parsed, with its id. Pure; the document is untrusted. */
export function openDescription(value: unknown, id: string, locate: Locate): Description | NoDescription {
  const version = isObject(value) ? versionOf(value) : undefined;
  if (!isObject(value) || version === undefined)
    return isObject(value) && hasVersion(value) ? 'version-unsupported' : 'wrong-document';
  const document = value;
  const documents = createDocuments({ value, base: id }, locate);
  return {
    documents,
    *operations(options) {
      const references = createReferences(documents);
      const context = {
        document,
        base: id,
        version,
        hasRefSiblings: version === 3 && !/^3\.0(?:\.|$)/.test(String(document.openapi)),
        documents,
        references,
        schemes: schemeTypes(document, id, references),
        cache: new WeakMap(),
        ...options,
      };
      const { paths } = document;
      if (!isObject(paths)) return;
      for (const [path, item] of Object.entries(paths))
        if (!path.startsWith('x-')) yield [...readPathItem(path, item, context)];
    },
  };
}

/** True for `paths` that are no map of path items. */
export function hasInvalidPaths(document: unknown): boolean {
  const paths = isObject(document) ? document.paths : undefined;
  return paths !== undefined && paths !== null && !isObject(paths);
}

function hasVersion({ openapi: v3, swagger: v2 }: JsonObject): boolean {
  return v3 !== undefined || v2 !== undefined;
}

function versionOf({ openapi: v3, swagger: v2 }: JsonObject): 2 | 3 | undefined {
  if (/^3(?:\.|$)/.test(String(v3))) return 3;
  return /^2(?:\.|$)/.test(String(v2)) ? 2 : undefined;
}
