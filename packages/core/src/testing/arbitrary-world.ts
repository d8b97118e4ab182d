import fc from 'fast-check';
import type { CompiledContract } from '../contract/compiled.ts';
import type { Truth } from '../contract/condition.ts';
import type { Known } from '../rules/known.ts';
import { claimKey } from '../rules/claim.ts';
import type { Expectation } from '../response/observe.ts';
import { ANONYMOUS, type Principal } from '../rules/principal.ts';
import { drawBody } from './bodies.ts';
import { drawContract, drawNarrow, drawShape, IDS, SPACE } from './contracts.ts';
import { type Draw, drawFrom } from './draw.ts';
import { space } from './json-text.ts';

/** Everything that a ruling depends on: one contract, one body beside the shape it should have, one caller, what is known. */
export interface World {
  readonly contract: CompiledContract;
  readonly expected: Expectation;
  /** Strict JSON, without duplicate keys, at most a few kilobytes. */
  readonly text: string;
  readonly principal: Principal;
  /** Answers are a function of the claim: the same claim is always answered alike. */
  readonly known: Known;
}

/** A world is large, and shrinking it to the end takes minutes. */
const MAX_SHRINKS = 200;

/**
 * Worlds with lists, maps, choices, references, projections, nested objects of the same and of other owners, several owners,
 * aggregates, `instead`, GraphQL selections with aliases and evidence; bodies in every dress that JSON allows, some of them
 * wrong. Shrinks towards few members and an anonymous caller. A printed world can be pasted into a test.
 */
export function arbitraryWorld(): fc.Arbitrary<World> {
  return fc.limitShrink(
    fc.gen().map((gen) => drawWorld(drawFrom(gen))),
    MAX_SHRINKS,
  );
}

function drawWorld(draw: Draw): World {
  const graphql = draw.oneIn(3);
  const contract = drawContract(draw, graphql);
  const shape = draw.oneIn(3) ? ({ type: 'object', resource: 'Envelope' } as const) : drawShape(draw, graphql);
  const narrow = draw.oneIn(6) ? { narrow: drawNarrow(draw) } : {};
  const body = drawBody(draw, contract, shape);
  const answers = Array.from({ length: 8 }, () => draw.oneOf<Truth>(['unknown', 'no', 'yes']));
  const world = {
    contract,
    expected: { shape, space: SPACE, ...narrow },
    text: `${space(draw)}${body}${space(draw)}`,
    principal: drawPrincipal(draw),
    known: knownBy(answers),
  };
  return { ...world, [fc.toStringMethod]: () => JSON.stringify({ ...world, known: answers }, undefined, 1) } as World;
}

export function drawPrincipal(draw: Draw): Principal {
  const kind = draw.oneOf(['anonymous', 'member', 'member', 'staff']);
  if (kind === 'anonymous') return ANONYMOUS;
  const home = draw.oneIn(6) ? 'uk' : SPACE;
  return {
    kind,
    id: draw.oneOf(IDS),
    ids: kind === 'staff' ? 'staff' : 'person',
    space: home,
    claims: { org: draw.oneOf(IDS) },
  };
}

/** Answers every claim with one of `answers`, chosen by the claim itself. */
export function knownBy(answers: readonly Truth[]): Known {
  return { get: (claim) => answers[hash(claimKey(claim)) % answers.length] ?? 'unknown' };
}

function hash(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) value = (value * 31 + text.charCodeAt(at)) >>> 0;
  return value;
}
