import { compareTemplates, type Provenance } from '@leakproof/core';
import type {
  DeclaredGraphqlOperation,
  DeclaredHttpOperation,
  DeclaredOperation,
} from '../reading/declared-operation.ts';
import { compareText } from './stats/counted.ts';
import { declaredPaths, type DeclaredPath } from './paths/declared-paths.ts';
import { type DeclaredSummary, summarize } from './declared-summary.ts';
import type { SeenOperation } from './inventory.ts';

/** The operations that descriptions declare, indexed. */
export interface Declarations {
  readonly paths: readonly DeclaredPath[];
  /** The declared operation of `paths` with this method: of one whose server is this host, else of any; the most specific. */
  http(paths: readonly DeclaredPath[], method: string, origin: string): DeclaredHttpOperation | undefined;
  graphql(name: string): DeclaredGraphqlOperation | undefined;
  /** True if a description has this origin as a server; undefined if none has any server, or the origin is unknown. */
  host(origin: string): boolean | undefined;
  /** All declared operations, with whether they are in `seen`. */
  summaries(seen: readonly SeenOperation[]): readonly DeclaredSummary[];
}

export function declarations(operations: readonly DeclaredOperation[]): Declarations {
  const http = operations.filter((operation) => operation.protocol === 'http');
  const graphql = new Map(
    operations
      .filter((operation) => operation.protocol === 'graphql')
      .map((operation) => [operation.name, operation] as const),
  );
  const paths = http.flatMap(declaredPaths).sort((a, b) => compareText(keyOf(a), keyOf(b)));
  const authorities = new Set(paths.flatMap(({ authority }) => authority ?? []));
  return {
    paths,
    http: (ending, method, origin) => {
      const same = ending
        .filter(({ operation }) => operation.method === method)
        .sort((a, b) => compareTemplates(a.template, b.template));
      const here = same.find(({ authority }) => authority === authorityOf(origin));
      return (here ?? same[0])?.operation;
    },
    graphql: (name) => graphql.get(name),
    host: (origin) => (authorities.size === 0 || isUnknown(origin) ? undefined : authorities.has(authorityOf(origin))),
    summaries: (seen) => {
      const found = new Set(seen.flatMap(({ declared }) => (declared ? [provenanceKey(declared)] : [])));
      return operations
        .map((operation) => summarize(operation, found.has(provenanceKey(operation.provenance))))
        .sort(
          (a, b) => compareText(a.name, b.name) || compareText(provenanceKey(a.declared), provenanceKey(b.declared)),
        );
    },
  };
}

/** An access log without hosts has the origin `http://?`. */
const isUnknown = (origin: string): boolean => authorityOf(origin) === '?';

function authorityOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '').replace(/^(.*):(?:80|443)$/, '$1');
}

function keyOf({ authority, text, operation }: DeclaredPath): string {
  return `${text} ${operation.method} ${authority ?? ''} ${provenanceKey(operation.provenance)}`;
}

function provenanceKey({ reader, file, at }: Provenance): string {
  return [reader, file ?? '', at ?? ''].join('\0');
}
