import { isObject, listOf, textOf, type JsonObject } from '../wire/json-value.ts';
import type { DeclaredScheme, DeclaredSecurity } from './declared-operation.ts';
import { isUnfollowed } from './problem.ts';
import type { References } from './references.ts';

/** `DeclaredScheme.type` of the schemes that a document defines, by name. */
export function schemeTypes(document: JsonObject, base: string, references: References): ReadonlyMap<string, string> {
  const { components } = document;
  const defined = isObject(components) ? components.securitySchemes : document.securityDefinitions;
  const types = new Map<string, string>();
  if (!isObject(defined)) return types;
  for (const [name, value] of Object.entries(defined)) {
    const resolved = references.follow({ value, base });
    types.set(name, !isUnfollowed(resolved) && isObject(resolved.value) ? typeOfScheme(resolved.value) : 'unknown');
  }
  return types;
}

function typeOfScheme(scheme: JsonObject): string {
  switch (scheme.type) {
    case 'basic':
      return 'http:basic';
    case 'http':
      return `http:${textOf(scheme.scheme)?.toLowerCase() ?? 'unknown'}`;
    case 'apiKey':
      return `apiKey:${textOf(scheme.in) ?? 'unknown'}:${textOf(scheme.name)?.toLowerCase() ?? 'unknown'}`;
    case 'oauth2':
    case 'openIdConnect':
    case 'mutualTLS':
      return scheme.type;
    default:
      return 'unknown';
  }
}

/** A `security` list as alternatives of sets; undefined if there is none. */
export function readSecurity(security: unknown, types: ReadonlyMap<string, string>): DeclaredSecurity {
  if (!Array.isArray(security)) return undefined;
  return (security as unknown[]).filter(isObject).map((set) =>
    Object.entries(set).map(([name, scopes]): DeclaredScheme => ({
      name,
      type: types.get(name) ?? 'unknown',
      scopes: listOf(scopes).filter((scope) => typeof scope === 'string'),
    })),
  );
}
