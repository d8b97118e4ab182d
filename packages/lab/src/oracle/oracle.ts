import type { ResourceName } from '../rules/policy.ts';
import {
  decideWrite,
  type ObjectAccess,
  policyAllowsField,
  policyAllowsObject,
  reachesOwner,
  refusesCaller,
  releasesField,
  releasesObject,
} from '../rules/access-decisions.ts';
import { stageNamed } from '../rules/named-stages.ts';
import { postureOf } from '../rules/posture-of.ts';
import { type Posture, SECURE } from '../rules/posture.ts';
import { type Channel, type Protocol, type Region, REGIONS, type Scope, type Stage } from '../rules/stage.ts';
import type { OperationWrite, Operation, Projection } from '../surface/operation.ts';
import { OPERATIONS } from '../surface/operations.ts';
import { hostOf } from '../surface/hosts.ts';
import { type Pair, pairsFor } from './pairs.ts';

export type Verdict = 'violation' | 'allowed' | 'withheld' | 'lost';

/** What the lab does, and should do, with one field of one owner for one viewer at one operation. */
export interface OracleCell {
  readonly kind: 'read' | 'write';
  readonly host: string;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
  readonly resource: ResourceName;
  /** The field's name in the policy; of a write, its name in the request body (empty: the object itself). */
  readonly field: string;
  /** Path of the field in the response, from the object that contains it: `protectedFields.age`. */
  readonly wire: string;
  /** Path of that object in the response: `data/*`. */
  readonly at: string;
  /** A username of the cast, or `anonymous`. */
  readonly viewer: string;
  /** A username of the cast, or the name of an organisation. */
  readonly owner: string;
  /** Read: the value reaches the viewer. Write: it takes effect on the owner, whatever the response says. */
  readonly released: boolean;
  /** Whether the policy allows it. */
  readonly meant: boolean;
  readonly verdict: Verdict;
  /** Identities whose credentials prove the cell; empty if only a canary can, because the owner cannot log in. */
  readonly provableWith: readonly string[];
}

export interface OracleOptions {
  /** The name of a stage, or a stage itself. */
  readonly stage: string | Stage;
  readonly regions?: readonly Region[];
}

/**
 * Every cell of a stage, in a fixed order, computed from the operations, the cast and the policy alone: no request is made and no
 * database is read. Throws LP-LAB-STAGE.
 */
export function oracle(options: OracleOptions): OracleCell[] {
  const stage = typeof options.stage === 'string' ? stageNamed(options.stage) : options.stage;
  const cells: OracleCell[] = [];
  for (const region of options.regions ?? REGIONS) {
    for (const operation of OPERATIONS) {
      for (const channel of operation.channels) cells.push(...cellsOf(operation, stage, { region, channel }));
    }
  }
  return cells;
}

/** One operation, called by one viewer about one owner. */
interface OperationPair {
  readonly operation: Operation;
  readonly posture: Posture;
  readonly pair: Pair;
  readonly cell: Pick<OracleCell, 'host' | 'protocol' | 'channel' | 'operation' | 'viewer' | 'owner' | 'provableWith'>;
}

function* cellsOf(
  operation: Operation,
  stage: Stage,
  { region, channel }: Pick<Scope, 'region' | 'channel'>,
): Iterable<OracleCell> {
  const { name, protocol, ownerOnly = false } = operation;
  const posture = postureOf(stage, { region, protocol, channel, operation: name }, ownerOnly);
  for (const pair of pairsFor(operation, region, channel)) {
    const { viewer, owner, provableWith } = pair;
    const cell = { host: hostOf(region, protocol), protocol, channel, operation: name, viewer, owner, provableWith };
    const ofPair = { operation, posture, pair, cell };
    for (const projection of operation.projections) yield* readCells(ofPair, projection);
    if (operation.write !== undefined) yield* writeCells(ofPair, operation.write);
  }
}

function* readCells({ operation, posture, pair, cell }: OperationPair, projection: Projection): Iterable<OracleCell> {
  const { relationship, states } = pair;
  const extraRule = operation.extraRule === undefined ? {} : { extraRule: operation.extraRule };
  const accessTo = (resource: ResourceName): ObjectAccess => ({ resource, relationship, states, ...extraRule });
  const object = accessTo(projection.resource);
  const containers = (projection.within ?? []).map(accessTo);
  const isAdmitted = !refusesCaller(posture, operation.by, relationship);
  const reached = isAdmitted && [...containers, object].every((each) => releasesObject(posture, each));
  const containersAllowed = containers.every((each) => policyAllowsObject(each));
  for (const [wire, field] of Object.entries(projection.fields)) {
    const released = reached && releasesField(posture, object, field);
    const meant = containersAllowed && policyAllowsField(object, field);
    const { resource, at } = projection;
    yield { kind: 'read', ...cell, resource, field, wire, at, released, meant, verdict: verdictOf(released, meant) };
  }
}

function* writeCells(
  { posture, pair, cell }: OperationPair,
  { resource, fields, notObservableFor = [] }: OperationWrite,
): Iterable<OracleCell> {
  const { relationship, states } = pair;
  if (states.has('deleted') || notObservableFor.some((relation) => relationship.relations.has(relation))) return;
  for (const [field, rule] of Object.entries(fields)) {
    const released = reachesOwner(decideWrite(posture, rule, pair), relationship);
    const meant = reachesOwner(decideWrite(SECURE, rule, pair), relationship);
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
