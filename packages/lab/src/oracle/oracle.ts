import type { ResourceName } from '../rules/meaning.ts';
import { postureOf, stageNamed } from '../rules/posture-of.ts';
import {
  decideWrite,
  type Look,
  meansField,
  meansObject,
  type Posture,
  reachesOwner,
  refusesCaller,
  releasesField,
  releasesObject,
  SOUND,
} from '../rules/posture.ts';
import { type Channel, type Protocol, type Region, REGIONS, type Stage } from '../rules/stages.ts';
import type { Change, Door, Sight } from '../surface/door.ts';
import { DOORS } from '../surface/doors.ts';
import { hostOf } from '../surface/hosts.ts';
import { type Pair, pairsAt } from './pairs.ts';

export type Verdict = 'violation' | 'allowed' | 'withheld' | 'lost';

/** What the lab does, and should do, for one field of one owner before one viewer at one door. */
export interface OracleCell {
  readonly kind: 'read' | 'write';
  readonly host: string;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
  readonly resource: ResourceName;
  /** The field as MEANING calls it; of a write, as the request's body does (empty: the object itself). */
  readonly field: string;
  /** Where it is in the answer, from the object that holds it: `protectedFields.age`. */
  readonly wire: string;
  /** Where that object is in the answer: `data/*`. */
  readonly at: string;
  /** A username of the cast, or `anonymous`. */
  readonly viewer: string;
  /** A username of the cast, or an organisation's name. */
  readonly owner: string;
  /** A read: the value reaches the viewer. A write: it takes effect on the owner, whatever the answer says. */
  readonly released: boolean;
  readonly meant: boolean;
  readonly verdict: Verdict;
  /** Identities whose credentials prove the cell; none when only a planted value can (the owner cannot log in). */
  readonly provableWith: readonly string[];
}

export interface OracleOptions {
  /** A stage's name, or a stage of one's own. */
  readonly stage: string | Stage;
  readonly regions?: readonly Region[];
}

/**
 * Every cell of a stage, in a fixed order: computed from the doors, the play and MEANING alone; no request is made and no
 * database read. Throws LP-LAB-STAGE.
 */
export function oracle(options: OracleOptions): OracleCell[] {
  const stage = typeof options.stage === 'string' ? stageNamed(options.stage) : options.stage;
  const cells: OracleCell[] = [];
  for (const region of options.regions ?? REGIONS) {
    for (const door of DOORS) {
      for (const channel of door.channels) cells.push(...cellsOfDoor(stage, region, door, channel));
    }
  }
  return cells;
}

/** One door, before one viewer, about one owner. */
interface Place {
  readonly door: Door;
  readonly posture: Posture;
  readonly pair: Pair;
  readonly cell: Pick<OracleCell, 'host' | 'protocol' | 'channel' | 'operation' | 'viewer' | 'owner' | 'provableWith'>;
}

function* cellsOfDoor(stage: Stage, region: Region, door: Door, channel: Channel): Iterable<OracleCell> {
  const { operation, protocol, control = false } = door;
  const posture = postureOf(stage, { region, protocol, channel, operation }, control);
  for (const pair of pairsAt(door, region, channel)) {
    const { viewer, owner, provableWith } = pair;
    const cell = { host: hostOf(region, protocol), protocol, channel, operation, viewer, owner, provableWith };
    const place = { door, posture, pair, cell };
    for (const sight of door.sights) yield* readCells(place, sight);
    if (door.change !== undefined) yield* writeCells(place, door.change);
  }
}

function* readCells({ door, posture, pair, cell }: Place, sight: Sight): Iterable<OracleCell> {
  const { standing, states } = pair;
  const also = door.also === undefined ? {} : { also: door.also };
  const look = (resource: ResourceName): Look => ({ resource, standing, states, ...also });
  const here = look(sight.resource);
  const around = (sight.within ?? []).map(look);
  const enters = !refusesCaller(posture, door.by, standing);
  const reached = enters && [...around, here].every((each) => releasesObject(posture, each));
  const known = around.every((each) => meansObject(each));
  for (const [wire, field] of Object.entries(sight.fields)) {
    const released = reached && releasesField(posture, here, field);
    const meant = known && meansField(here, field);
    const { resource, at } = sight;
    yield { kind: 'read', ...cell, resource, field, wire, at, released, meant, verdict: verdictOf(released, meant) };
  }
}

function* writeCells(
  { posture, pair, cell }: Place,
  { resource, fields, pointlessFor = [] }: Change,
): Iterable<OracleCell> {
  const { standing, states } = pair;
  if (states.has('deleted') || pointlessFor.some((relation) => standing.relations.has(relation))) return;
  for (const [field, rule] of Object.entries(fields)) {
    const released = reachesOwner(decideWrite(posture, rule, standing, states), standing);
    const meant = reachesOwner(decideWrite(SOUND, rule, standing, states), standing);
    yield {
      kind: 'write',
      ...cell,
      resource,
      field,
      wire: field,
      at: '',
      released,
      meant,
      verdict: verdictOf(released, meant),
    };
  }
}

function verdictOf(released: boolean, meant: boolean): Verdict {
  if (released) return meant ? 'allowed' : 'violation';
  return meant ? 'lost' : 'withheld';
}
