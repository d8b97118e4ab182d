import { LabError } from '../lab-error.ts';
import type { Posture } from './posture.ts';

export type Region = 'us' | 'uk';
export const REGIONS: readonly Region[] = ['us', 'uk'];
export type Protocol = 'rest' | 'graphql';
export type Channel = 'web' | 'mobile' | 'device';

/** One door of the lab: where a switch can be set. */
export interface Door {
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
}

/** A switch: the doors it matches (a left-out key matches all) and what it changes of their posture. */
export interface Switch {
  readonly region?: Region;
  readonly protocol?: Protocol;
  readonly channel?: Channel;
  readonly operations?: readonly string[];
  readonly set: Partial<Posture>;
}

/** A named state of the whole lab: switches in order, later ones win. */
export interface Stage {
  readonly name: string;
  readonly story: string;
  readonly switches: readonly Switch[];
}

const SOUND: Posture = { door: 'sealed', forgotten: [], block: 'exact' };

export const STAGES: readonly Stage[] = [
  {
    name: 'open',
    story: 'As found in January 2021: nobody is asked who they are, and every privacy setting is ignored.',
    switches: [{ set: { door: 'open' } }],
  },
  {
    name: 'members',
    story: 'The silent fix of 2 February 2021: anonymous callers are refused, any member still reads every other.',
    switches: [{ set: { door: 'members' } }],
  },
  { name: 'sealed', story: "What was promised: every field obeys its owner's settings.", switches: [] },
];

/** The stage of that name; throws LP-LAB-STAGE. */
export function stageNamed(name: string): Stage {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new LabError('LP-LAB-STAGE', `there is no stage "${name}": ${STAGES.map((each) => each.name).join(', ')}`);
  }
  return stage;
}

/** How one door stands in a stage. A control door (the owner's own) is never wider than `own`. */
export function postureOf(stage: Stage, door: Door, control: boolean): Posture {
  const thrown = stage.switches.filter((each) => matches(each, door)).map(({ set }) => set);
  const posture: Posture = Object.assign({}, SOUND, ...thrown);
  return control && posture.door !== 'sealed' ? { ...posture, door: 'own' } : posture;
}

function matches(each: Switch, door: Door): boolean {
  return (
    (each.region ?? door.region) === door.region &&
    (each.protocol ?? door.protocol) === door.protocol &&
    (each.channel ?? door.channel) === door.channel &&
    (each.operations?.includes(door.operation) ?? true)
  );
}
