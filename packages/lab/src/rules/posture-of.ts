import { type Posture, SECURE } from './posture.ts';
import type { Scope, Stage, Switch } from './stage.ts';

const COMPUTED = new WeakMap<Stage, Map<string, Posture>>();

/** The posture of one scope in a stage. An operation with `ownerOnly` is never more open than `own`. */
export function postureOf(stage: Stage, scope: Scope, ownerOnly: boolean): Posture {
  const postures = COMPUTED.get(stage) ?? new Map<string, Posture>();
  COMPUTED.set(stage, postures);
  const key = `${scope.region} ${scope.channel} ${scope.operation}`;
  const posture = postures.get(key) ?? compute(stage, scope, ownerOnly);
  postures.set(key, posture);
  return posture;
}

function compute(stage: Stage, scope: Scope, ownerOnly: boolean): Posture {
  const settings = stage.switches.filter((each) => matches(each, scope)).map(({ set }) => set);
  const posture: Posture = Object.assign({}, SECURE, ...settings);
  return ownerOnly && posture.access !== 'sealed' ? { ...posture, access: 'own' } : posture;
}

function matches(each: Switch, scope: Scope): boolean {
  return (
    (each.region ?? scope.region) === scope.region &&
    (each.protocol ?? scope.protocol) === scope.protocol &&
    (each.channel ?? scope.channel) === scope.channel &&
    (each.operations?.includes(scope.operation) ?? true)
  );
}
