import { type Protocol, type Region, REGIONS } from '../rules/stages.ts';

/** The virtual host that serves a protocol in a region. */
export const hostOf = (region: Region, protocol: Protocol): string =>
  `${protocol === 'rest' ? 'api' : 'gql'}.${region}.lab.test`;

/** What each public host serves. */
export const HOSTS: ReadonlyMap<string, { readonly region: Region; readonly protocol: Protocol }> = new Map(
  REGIONS.flatMap((region) =>
    (['rest', 'graphql'] as const).map((protocol) => [hostOf(region, protocol), { region, protocol }] as const),
  ),
);
