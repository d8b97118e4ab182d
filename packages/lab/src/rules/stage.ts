import type { Posture } from './posture.ts';

export type Region = 'us' | 'uk';
export const REGIONS: readonly Region[] = ['us', 'uk'];
export type Protocol = 'rest' | 'graphql';
export type Channel = 'web' | 'mobile' | 'device';

/** Where a switch applies: one operation of one host, for one channel. */
export interface Scope {
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
}

/** Settings for the scopes that it matches; a key that is left out matches all. */
export interface Switch {
  readonly region?: Region;
  readonly protocol?: Protocol;
  readonly channel?: Channel;
  readonly operations?: readonly string[];
  readonly set: Partial<Posture>;
}

/** A configuration of the whole lab: switches in order, later ones win. Every setting that no switch changes is secure. */
export interface Stage {
  readonly name: string;
  readonly story: string;
  readonly switches: readonly Switch[];
}
