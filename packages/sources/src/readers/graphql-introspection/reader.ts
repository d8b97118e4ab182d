import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import {
  DEFAULT_ROOTS,
  emptyModel,
  typeIn,
  type GraphqlModel,
  type RootKind,
  type TypeUse,
} from '../../reading/graphql/graphql-model.ts';
import { graphqlOperations } from '../../reading/graphql/graphql-operations.ts';
import { isObject, listOf, parseJson, type JsonObject } from '../../reading/json/json-shape.ts';
import { maxDocumentBytes, maxFields } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects, type Rejects } from '../../reading/rejects.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';

/** The response to an introspection query, or its `data`. */
export const graphqlIntrospection: Reader = {
  id: 'graphql-introspection',
  title: 'GraphQL introspection result',
  extensions: ['.json'],
  yields: 'operations',
  recognises: (head) =>
    /^\s*\{\s*(?:"data"\s*:\s*\{\s*)?"__schema"\s*:/.test(headText(head))
      ? 0.98
      : /"__schema"\s*:\s*\{/.test(headText(head))
        ? 0.6
        : 0,
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('graphql-introspection', input.name);
  const text = await wholeText(input, maxDocumentBytes(options));
  if (text === undefined) {
    yield [rejects.one('document-too-large', '/')];
    return;
  }
  const document = parseJson(text);
  const schema = schemaOf(document);
  if (schema === undefined) {
    yield [rejects.one(document === undefined ? 'document-broken' : 'wrong-document', '/')];
    return;
  }
  const model = readModel(schema, rejects);
  yield [
    ...graphqlOperations({
      model,
      maxFields: maxFields(options),
      rejects,
      reader: 'graphql-introspection',
      file: input.name,
    }),
  ];
  yield rejects.drain();
}

const SCHEMA = '__schema';

function schemaOf(document: unknown): JsonObject | undefined {
  if (!isObject(document)) return undefined;
  const { [SCHEMA]: bare, data } = document;
  const schema = bare ?? (isObject(data) ? data[SCHEMA] : undefined);
  return isObject(schema) ? schema : undefined;
}

function readModel(schema: JsonObject, rejects: Rejects): GraphqlModel {
  const model = emptyModel();
  for (const [index, type] of listOf(schema.types).entries()) {
    const at = `/__schema/types/${index}`;
    if (!isObject(type) || typeof type.name !== 'string') rejects.part('definition-invalid', at);
    else if (!type.name.startsWith('__')) readType(type, { name: type.name, at, model, rejects });
  }
  const named: [RootKind, unknown][] = [
    ['query', schema.queryType],
    ['mutation', schema.mutationType],
    ['subscription', schema.subscriptionType],
  ];
  for (const [kind, root] of named) {
    if (isObject(root) && typeof root.name === 'string') model.roots.set(kind, root.name);
  }
  if (model.roots.size === 0)
    for (const [kind, name] of DEFAULT_ROOTS) if (model.types.has(name)) model.roots.set(kind, name);
  return model;
}

interface TypeContext {
  readonly name: string;
  readonly at: string;
  readonly model: GraphqlModel;
  readonly rejects: Rejects;
}

/** Adds a type to the model, if it has fields or possible types. */
function readType(type: JsonObject, { name, at, model, rejects }: TypeContext): void {
  for (const possible of listOf(type.possibleTypes)) {
    if (isObject(possible) && typeof possible.name === 'string') typeIn(model, name).possible.add(possible.name);
  }
  for (const key of ['fields', 'inputFields']) {
    for (const [index, field] of listOf(type[key]).entries()) {
      const fieldAt = `${at}/${key}/${index}`;
      const use = isObject(field) ? useOf(field.type, 0) : undefined;
      if (!isObject(field) || typeof field.name !== 'string' || use === undefined) {
        rejects.part('definition-invalid', fieldAt);
        continue;
      }
      typeIn(model, name).fields.set(field.name, {
        name: field.name,
        type: use,
        args: readArgs(field.args, () => rejects.part('parameter-invalid', fieldAt)),
        deprecated: field.isDeprecated === true,
        at: fieldAt,
      });
    }
  }
}

function readArgs(args: unknown, onInvalid: () => void): { name: string; type: TypeUse; required: boolean }[] {
  const known: { name: string; type: TypeUse; required: boolean }[] = [];
  for (const arg of listOf(args)) {
    const type = isObject(arg) ? useOf(arg.type, 0) : undefined;
    if (!isObject(arg) || typeof arg.name !== 'string' || type === undefined) onInvalid();
    else {
      const required = type.text.endsWith('!') && (arg.defaultValue === null || arg.defaultValue === undefined);
      known.push({ name: arg.name, type, required });
    }
  }
  return known;
}

/** Nesting of list and non-null types. Introspection queries select nine levels. */
const MAX_WRAPPERS = 16;

function useOf(type: unknown, depth: number): TypeUse | undefined {
  if (!isObject(type) || depth > MAX_WRAPPERS) return undefined;
  if (type.kind === 'NON_NULL' || type.kind === 'LIST') {
    const inner = useOf(type.ofType, depth + 1);
    if (inner === undefined) return undefined;
    if (type.kind === 'NON_NULL') return { ...inner, text: `${inner.text}!` };
    return { name: inner.name, lists: inner.lists + 1, text: `[${inner.text}]` };
  }
  return typeof type.name === 'string' ? { name: type.name, lists: 0, text: type.name } : undefined;
}
