import { type Protocol, type Region, REGIONS } from '../rules/stage.ts';

/** The virtual host that serves a protocol in a region. */
export const hostOf = (region: Region, protocol: Protocol): string =>
  `${protocol === 'rest' ? 'api' : 'gql'}.${region}.lab.test`;

/** The region and protocol of each public host. */
export const HOSTS: ReadonlyMap<string, { readonly region: Region; readonly protocol: Protocol }> = new Map(
  REGIONS.flatMap((region) =>
    (['rest', 'graphql'] as const).map((protocol) => [hostOf(region, protocol), { region, protocol }] as const),
  ),
);
