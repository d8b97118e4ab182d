import type { Endpoint, Server } from '../../contract/compiled.ts';
import type { Compiling } from './compiling.ts';

/** The servers of the contract, each with its endpoints and its id space. */
export function compileServers(compiling: Compiling): Server[] {
  const endpoints = new Map<string, string>();
  const meet = (name: string, address: string | undefined): void => {
    if (address === undefined) return;
    const { authority, path } = endpointAt(address);
    const other = endpoints.get(`${authority}${path}`);
    if (other !== undefined)
      compiling.error(['api', 'servers', name], `Has the same address as "${other}": ids could be of either.`);
    endpoints.set(`${authority}${path}`, name);
  };
  return Object.entries(compiling.source.api.servers).map(([name, server]) => {
    meet(name, server.rest);
    meet(name, server.graphql);
    if (!server.rest && !server.graphql)
      compiling.error(['api', 'servers', name], 'A server has a rest or a graphql address.');
    return {
      name,
      endpoints: {
        ...(server.rest ? { rest: endpointAt(server.rest) } : {}),
        ...(server.graphql ? { graphql: endpointAt(server.graphql) } : {}),
      },
      ...(server.internal ? { internal: server.internal.replace(/\/$/, '') } : {}),
      space: server.ids ?? 'all',
      authenticatesCaller: server.caller === 'verified',
    };
  });
}

function endpointAt(address: string): Endpoint {
  const [, scheme = 'http', authority = '', path = ''] = /^(https?):\/\/([^/?#]+)([^?#]*)/.exec(address) ?? [];
  return {
    scheme: scheme === 'https' ? 'https' : 'http',
    authority: authority.toLowerCase(),
    path: path.replace(/\/$/, ''),
  };
}
