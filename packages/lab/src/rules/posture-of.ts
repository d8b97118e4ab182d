import { LabError } from '../lab-error.ts';
import { STAGES } from './drifts.ts';
import { type Posture, SOUND } from './posture.ts';
import type { Spot, Stage, Switch } from './stages.ts';

/** The stage of that name; throws LP-LAB-STAGE. */
export function stageNamed(name: string): Stage {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new LabError('LP-LAB-STAGE', `there is no stage "${name}": ${STAGES.map((each) => each.name).join(', ')}`);
  }
  return stage;
}

const COMPUTED = new WeakMap<Stage, Map<string, Posture>>();

/** How one spot stands in a stage. A control door (the owner's own) is never wider than `own`. */
export function postureOf(stage: Stage, spot: Spot, control: boolean): Posture {
  const postures = COMPUTED.get(stage) ?? new Map<string, Posture>();
  COMPUTED.set(stage, postures);
  const key = `${spot.region} ${spot.channel} ${spot.operation}`;
  const posture = postures.get(key) ?? compute(stage, spot, control);
  postures.set(key, posture);
  return posture;
}

function compute(stage: Stage, spot: Spot, control: boolean): Posture {
  const thrown = stage.switches.filter((each) => matches(each, spot)).map(({ set }) => set);
  const posture: Posture = Object.assign({}, SOUND, ...thrown);
  return control && posture.door !== 'sealed' ? { ...posture, door: 'own' } : posture;
}

function matches(each: Switch, spot: Spot): boolean {
  return (
    (each.region ?? spot.region) === spot.region &&
    (each.protocol ?? spot.protocol) === spot.protocol &&
    (each.channel ?? spot.channel) === spot.channel &&
    (each.operations?.includes(spot.operation) ?? true)
  );
}
