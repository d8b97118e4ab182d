import { isObject, listOf, textOf, type JsonObject } from '../wire/json-value.ts';

/** Base URLs of an OpenAPI 3 `servers` list with variables at their defaults; undefined if there is no list. */
export function readServers(servers: unknown): readonly string[] | undefined {
  if (!Array.isArray(servers)) return undefined;
  const urls: string[] = [];
  for (const server of servers as unknown[]) {
    if (!isObject(server) || typeof server.url !== 'string') continue;
    const { variables } = server;
    const url = server.url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = isObject(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined;
      return isObject(variable) ? (textOf(variable.default) ?? whole) : whole;
    });
    urls.push(url);
  }
  return urls;
}

/** Base URLs of an OpenAPI 2 document: each scheme with the host and base path; the path alone without a host. */
export function readSwaggerServers(document: JsonObject, schemes: unknown = document.schemes): readonly string[] {
  const basePath = textOf(document.basePath) ?? '';
  const host = textOf(document.host);
  if (host === undefined || host === '') return basePath === '' ? [] : [basePath];
  const named = listOf(schemes).filter((scheme) => typeof scheme === 'string');
  return (named.length === 0 ? ['https'] : named).map((scheme) => `${scheme}://${host}${basePath}`);
}
