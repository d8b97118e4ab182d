import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import type { DeclaredGraphqlOperation, DeclaredParameter } from '../../reading/declared-operation.ts';
import { DEFAULT_ROOTS } from '../../reading/graphql/graphql-model.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects } from '../../reading/rejects.ts';
import { LineSplitter } from '../../reading/bytes/split-lines.ts';
import { headText } from '../../reading/bytes/whole-document.ts';
import { maySuggest, suggestionsIn, type Suggestion } from './suggestions.ts';

/** Error bodies of a GraphQL server, one or more per line: the part of a hidden schema that its suggestions disclose. */
export const graphqlSuggestions: Reader = {
  id: 'graphql-suggestions',
  title: 'GraphQL "Did you mean" messages',
  extensions: ['.json', '.ndjson', '.txt'],
  yields: 'operations',
  recognises: (head) => (suggestionsIn(headText(head)).length > 0 ? 0.65 : 0),
  read,
};

interface Found {
  readonly suggestion: Suggestion;
  readonly at: string;
  readonly args: Set<string>;
}

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('graphql-suggestions', input.name);
  const found = new Map<string, Found>();
  let any = false;
  const lines = new LineSplitter(maxItemBytes(options), (line, number) => {
    const at = `line ${number}`;
    if (line === undefined) {
      rejects.part('too-large', at);
      return;
    }
    const suggestions = suggestionsIn(line);
    if (suggestions.length === 0 && maySuggest(line)) rejects.part('suggestion-unreadable', at);
    for (const suggestion of suggestions) {
      any = true;
      const name = `${suggestion.type}.${suggestion.field}`;
      const entry = found.get(name) ?? { suggestion, at, args: new Set() };
      if (suggestion.argument !== undefined) entry.args.add(suggestion.argument);
      found.set(name, entry);
    }
  });
  for await (const chunk of input) lines.push(chunk);
  lines.end();
  if (!any) rejects.part('wrong-document', 'line 1');
  yield [...found].map(([name, one]): Reading => ({
    type: 'operation',
    operation: operationOf(name, one, input.name),
  }));
  yield rejects.drain();
}

function operationOf(name: string, { suggestion, at, args }: Found, file: string): DeclaredGraphqlOperation {
  const root = DEFAULT_ROOTS.find(([, type]) => type === suggestion.type || `${type}Root` === suggestion.type);
  return {
    protocol: 'graphql',
    name,
    operationType: root?.[0] ?? 'unknown',
    field: suggestion.field,
    tags: [],
    parameters: [...args].map((arg): DeclaredParameter => ({
      name: arg,
      in: 'argument',
      required: false,
      schemaType: 'unknown',
    })),
    request: [],
    responses: [],
    security: undefined,
    deprecated: false,
    provenance: { reader: 'graphql-suggestions', file, at },
  };
}
