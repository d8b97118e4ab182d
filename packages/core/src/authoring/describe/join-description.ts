import type { Server } from '../../contract/compiled.ts';
import type { DeclaredHttpOperation } from '../../openapi/declared-operation.ts';
import {
  parametersOf,
  parseTemplate,
  type TemplateSegment,
  templateKey,
  templateText,
} from '../../wire/path-template.ts';
import { nearest } from '../read/nearest.ts';
import type { DescribedOperation } from './read-description.ts';

/** A REST operation of the contract. */
export interface ContractOperation {
  readonly name: string;
  readonly method: string;
  readonly template: readonly TemplateSegment[];
  /** Names of servers, if not all have it. */
  readonly servers?: readonly string[] | undefined;
}

/** Joins the operations of a contract with those of a description. */
export interface DescriptionJoin {
  /**
   * The described operations of one of the contract: same method, and templates that match the same paths with the base paths of the
   * servers of both; if there are none, those of the same path without base paths.
   */
  of(operation: ContractOperation): readonly DescribedOperation[];
  /** Described operations that no operation of the contract was joined with, as `GET /users/{id}`. Not OPTIONS, nor HEAD beside GET. */
  undeclared(): readonly string[];
  /** Operations of the contract that were joined with none, with the most similar one that is described. */
  undescribed(): readonly { readonly name: string; readonly similar: string | undefined }[];
}

export function joinDescription(described: readonly DescribedOperation[], servers: readonly Server[]): DescriptionJoin {
  const withBase = new Map<string, DescribedOperation[]>();
  const withoutBase = new Map<string, DescribedOperation[]>();
  for (const each of described) {
    const { method, path } = each.operation;
    const plain = pathOf(path);
    for (const base of new Set(basePathsOf(each.operation))) add(withBase, keyOf(method, `${base}${plain}`), each);
    add(withoutBase, keyOf(method, plain), each);
  }
  const joined = new Set<DescribedOperation>();
  const lacking: string[] = [];
  return {
    of({ name, method, template, servers: only }) {
      const text = templateText(template);
      const bases = servers.flatMap(({ name: server, endpoints: { rest } }) =>
        rest && (only?.includes(server) ?? true) ? [rest.path] : [],
      );
      const full = [...new Set(bases.flatMap((base) => withBase.get(keyOf(method, `${base}${text}`)) ?? []))];
      const found = full.length > 0 ? full : (withoutBase.get(keyOf(method, text)) ?? []);
      for (const each of found) joined.add(each);
      if (found.length === 0) lacking.push(name);
      return found;
    },
    undeclared: () => undeclaredIn(described, joined),
    undescribed() {
      const names = undeclaredIn(described, joined);
      return lacking.map((name) => ({ name, similar: nearest(name, names) }));
    },
  };
}

function undeclaredIn(described: readonly DescribedOperation[], joined: ReadonlySet<DescribedOperation>): string[] {
  const gets = new Set(
    described.flatMap(({ operation: { method, path } }) => (method === 'GET' ? [pathOf(path)] : [])),
  );
  const names = described.flatMap((each) => {
    const { method, path } = each.operation;
    const isListed = method !== 'OPTIONS' && !(method === 'HEAD' && gets.has(pathOf(path)));
    return isListed && !joined.has(each) ? [`${method} ${pathOf(path)}`] : [];
  });
  return [...new Set(names)];
}

/** The path of a template, without a query and a fragment: some descriptions tell operations of one path apart by these. */
function pathOf(path: string): string {
  const plain = path.replace(/[?#].*$/s, '');
  return plain.startsWith('/') ? plain : `/${plain}`;
}

/** Names of query parameters that a described path has as text: `/?Action=ListUsers`. */
export function queryInPath({ path }: DeclaredHttpOperation): readonly string[] {
  const query = /\?([^#]*)/.exec(path)?.[1] ?? '';
  return query.split('&').flatMap((pair) => {
    const [name = ''] = pair.split('=', 1);
    return name === '' || parametersOf(parseTemplate(`/${name}`).segments).length > 0 ? [] : [name];
  });
}

/** The paths of the server URLs, without a trailing slash. */
function basePathsOf({ servers }: DeclaredHttpOperation): readonly string[] {
  if (servers.length === 0) return [''];
  return servers.map((server) => {
    const path = server.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
    return path.startsWith('/') ? path.replace(/\/+$/, '') : '';
  });
}

function keyOf(method: string, path: string): string {
  return `${method} ${templateKey(parseTemplate(path).segments)}`;
}

function add(index: Map<string, DescribedOperation[]>, key: string, operation: DescribedOperation): void {
  const known = index.get(key);
  if (known) known.push(operation);
  else index.set(key, [operation]);
}
