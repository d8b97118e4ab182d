import type { Posture } from './posture.ts';

export type Region = 'us' | 'uk';
export const REGIONS: readonly Region[] = ['us', 'uk'];
export type Protocol = 'rest' | 'graphql';
export type Channel = 'web' | 'mobile' | 'device';

/** Where a switch can be set: an operation of a host, by a channel. */
export interface Spot {
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
}

/** A switch: the spots it matches (a left-out key matches all) and what it changes of their posture. */
export interface Switch {
  readonly region?: Region;
  readonly protocol?: Protocol;
  readonly channel?: Channel;
  readonly operations?: readonly string[];
  readonly set: Partial<Posture>;
}

/** A named state of the whole lab: switches in order, later ones win. What no switch names is sound. */
export interface Stage {
  readonly name: string;
  readonly story: string;
  readonly switches: readonly Switch[];
}
