import { parseTemplate, type TemplateSegment, templateText } from '@leakproof/core';
import type { DeclaredHttpOperation } from '../../reading/declared-operation.ts';
import { splitPath } from './segment-shape.ts';

/** A declared path with the base path of one of its servers. */
export interface DeclaredPath {
  readonly operation: DeclaredHttpOperation;
  readonly template: readonly TemplateSegment[];
  /** `template` as text. */
  readonly text: string;
  /** `host:port` in lower case, or undefined if the server is relative or missing. */
  readonly authority: string | undefined;
}

/** The paths of a declared operation: one for each server, or one without a host. */
export function declaredPaths(operation: DeclaredHttpOperation): readonly DeclaredPath[] {
  const servers = operation.servers.length > 0 ? operation.servers : ['/'];
  return servers.map((server) => {
    const { authority, base } = readServer(server);
    const { segments } = parseTemplate(`/${splitPath(joinPath(base, operation.path)).join('/')}`);
    return { operation, authority, template: segments, text: templateText(segments) };
  });
}

/** The authority and base path of a server URL; a relative or unreadable one has no authority. */
function readServer(server: string): { readonly authority: string | undefined; readonly base: string } {
  const match = /^(?:https?:)?\/\/([^/?#]*)([^?#]*)/i.exec(server);
  if (!match) return { authority: undefined, base: server.startsWith('/') ? server : '/' };
  const authority = (match[1] ?? '').toLowerCase().replace(/^.*@/, '');
  return { authority: authority === '' || /[{}]/.test(authority) ? undefined : authority, base: match[2] || '/' };
}

function joinPath(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
