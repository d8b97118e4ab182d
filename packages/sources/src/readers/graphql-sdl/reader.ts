import { GraphQLError, parse, type DocumentNode } from 'graphql';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { DEFAULT_ROOTS, emptyModel, type GraphqlModel } from '../../reading/graphql/graphql-model.ts';
import { graphqlOperations } from '../../reading/graphql/graphql-operations.ts';
import { maxDocumentBytes, maxFields } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects, type Rejects } from '../../reading/rejects.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';
import { addDefinition } from './model.ts';

/** GraphQL schema definition language. */
export const graphqlSdl: Reader = {
  id: 'graphql-sdl',
  title: 'GraphQL schema (SDL)',
  extensions: ['.graphql', '.graphqls', '.gql', '.sdl'],
  yields: 'operations',
  recognises(head, fileName) {
    const text = headText(head);
    const named = /\.(?:graphqls?|gql|sdl)$/i.test(fileName);
    const defines =
      /^[ \t]*(?:extend\s+)?(?:type|interface|input|union|enum)\s+[A-Z_a-z]\w*[^\n]*(?:\{|=)|^[ \t]*schema\s*(?:@[^\n{]*)?\{/m.test(
        text,
      );
    return defines ? (named ? 0.95 : 0.7) : named ? 0.5 : 0;
  },
  read,
};

/** Most tokens of one document. GitHub's schema has about 300,000. */
const MAX_TOKENS = 5_000_000;

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('graphql-sdl', input.name);
  const text = await wholeText(input, Math.min(maxDocumentBytes(options), 64 * 1_048_576));
  if (text === undefined) {
    yield [rejects.one('document-too-large', 'line 1')];
    return;
  }
  const model = emptyModel();
  const faults: Reading[] = [];
  const document = parseSdl(text);
  if (document instanceof GraphQLError) {
    for (const definition of splitDefinitions(text)) faults.push(...addDefinitionText(model, definition, rejects));
  } else addDocument(model, { document, lineOffset: 0 }, rejects);
  for (const [kind, name] of DEFAULT_ROOTS) {
    if (model.roots.size === 0 || !model.roots.has(kind)) if (model.types.has(name)) model.roots.set(kind, name);
  }
  yield faults;
  if (model.types.size === 0 && faults.length === 0) yield [rejects.one('not-graphql', 'line 1')];
  yield [
    ...graphqlOperations({ model, maxFields: maxFields(options), rejects, reader: 'graphql-sdl', file: input.name }),
  ];
  yield rejects.drain();
}

function parseSdl(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('nested beyond the stack');
  }
}

interface ParsedDocument {
  readonly document: DocumentNode;
  /** Lines of the source before the document. */
  readonly lineOffset: number;
}

function addDocument(model: GraphqlModel, { document, lineOffset }: ParsedDocument, rejects: Rejects): void {
  for (const node of document.definitions) {
    if (addDefinition(model, node, lineOffset)) continue;
    rejects.part('not-a-definition', `line ${(node.loc?.startToken.line ?? 1) + lineOffset}`);
  }
}

interface DefinitionText {
  readonly text: string;
  readonly lineOffset: number;
}

function addDefinitionText(model: GraphqlModel, { text, lineOffset }: DefinitionText, rejects: Rejects): Reading[] {
  if (!/[A-Za-z]/.test(text.replaceAll(/#.*$/gm, ''))) return [];
  const document = parseSdl(text);
  if (document instanceof GraphQLError) {
    const line = (document.locations?.[0]?.line ?? 1) + lineOffset;
    return [rejects.one('definition-invalid', `line ${line}`)];
  }
  addDocument(model, { document, lineOffset }, rejects);
  return [];
}

/** Splits an invalid document where a line begins with a definition, so that one error invalidates one definition. */
function splitDefinitions(text: string): DefinitionText[] {
  const lines = text.split('\n');
  const definitions: DefinitionText[] = [];
  let start = 0;
  for (const [index, line] of lines.entries()) {
    if (index === start || !/^(?:extend\s+)?(?:type|interface|input|union|enum|scalar|schema|directive)\b/.test(line))
      continue;
    definitions.push({ text: lines.slice(start, index).join('\n'), lineOffset: start });
    start = index;
  }
  definitions.push({ text: lines.slice(start).join('\n'), lineOffset: start });
  return definitions.map(withoutTrailingDescription);
}

/** Removes the description of the next definition. */
function withoutTrailingDescription({ text, lineOffset }: DefinitionText): DefinitionText {
  return { text: text.replace(/(?:\n|^)(?:"""(?:(?!""")[^])*"""|"(?:[^"\\\n]|\\.)*")\s*$/, '\n'), lineOffset };
}
