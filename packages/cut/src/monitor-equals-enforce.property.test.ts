import {
  type AccessFact,
  decodeUtf8,
  type ErrorCode,
  isLeakproofError,
  readJson,
  seal,
  type Withheld,
} from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryWorld, type World } from '../../core/src/testing/arbitrary-world.ts';
import { createCut } from './create-cut.ts';
import type { Step } from './step.ts';
import { cutOutcome, sealOutcome, split } from './testing/outcomes.ts';

const encoder = new TextEncoder();
const counts = { worlds: 0, facts: 0, exposing: 0, unjudged: 0 };

/** A fact without the mode: every declared field of the object, whoever saw it. */
function folded({
  seen,
  exposed,
  withheld,
  owner,
  role,
  about,
  resource,
  relations,
  states,
  undeclared,
}: AccessFact): string {
  const fields = [...new Set([...seen, ...exposed, ...withheld])].sort();
  return JSON.stringify([
    owner.kind,
    owner.space,
    owner.id,
    role,
    about,
    resource,
    relations,
    states,
    undeclared,
    fields,
  ]);
}

/** Objects and fields, one by one, of one of the sets of the facts. */
function fieldsOf(facts: readonly AccessFact[], set: 'seen' | 'exposed' | 'withheld'): string[] {
  return facts.flatMap(({ owner, resource, [set]: names }) =>
    names.map((name) => JSON.stringify([owner.kind, owner.id, resource, name])),
  );
}

test('the facts of the cut in monitor are those of `seal` in enforce: the same objects and fields, exposed where they would be withheld', () => {
  fc.assert(
    fc.property(arbitraryWorld(), fc.array(fc.nat(20_000), { maxLength: 8 }), (world, at) => {
      const { contract, expected, principal, known, text } = world;
      const body = encoder.encode(text);
      const monitored = cutOutcome(
        { contract, plan: { expected, principal, mode: 'monitor' }, known },
        split(body, at),
        { windowElements: 2 },
      );
      const enforced = sealOutcome({ contract, plan: { expected, principal, mode: 'enforce' }, known }, body);
      expect(monitored.text).toBe(text);
      expect(monitored.facts.map(folded).sort()).toEqual(enforced.facts.map(folded).sort());
      // Where GraphQL makes a parent null, enforce withholds what the rules allow: monitor has seen no less, and exposed no more.
      const seen = fieldsOf(monitored.facts, 'seen');
      for (const field of fieldsOf(enforced.facts, 'seen')) expect(seen).toContain(field);
      const withheld = fieldsOf(enforced.facts, 'withheld');
      for (const field of fieldsOf(monitored.facts, 'exposed')) expect(withheld).toContain(field);
      counts.worlds++;
      counts.facts += monitored.facts.length;
      if (monitored.facts.some((fact) => fact.exposed.length > 0)) counts.exposing++;
    }),
    { numRuns: 800 },
  );
  expect(counts.worlds).toBeGreaterThan(700);
  expect(counts.facts).toBeGreaterThan(500);
  expect(counts.exposing).toBeGreaterThan(100);
});

/** Why `seal` has no fact for some values. */
function unjudgedBySeal({ contract, expected, principal, known, text }: World): readonly ErrorCode[] {
  let withheld: readonly Withheld[] = [];
  try {
    const sealed = seal(contract, readJson(decodeUtf8(encoder.encode(text))), {
      expected,
      principal,
      known,
      mode: 'monitor',
      final: true,
    });
    if (sealed.type !== 'ask') ({ withheld } = sealed);
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
  }
  const codes: ErrorCode[] = [];
  if (withheld.some(({ because, field }) => because === 'misshapen' && field === '')) codes.push('LP-BODY-MISSHAPEN');
  if (withheld.some(({ because }) => because === 'owner-unknown')) codes.push('LP-OWNER-UNKNOWN');
  return codes;
}

test('what passes without a fact is named, wherever `seal` names it', () => {
  fc.assert(
    fc.property(arbitraryWorld(), fc.array(fc.nat(20_000), { maxLength: 8 }), (world, at) => {
      const { contract, expected, principal, known, text } = world;
      const cut = createCut(contract, { expected, principal, mode: 'monitor' });
      const codes = new Set<ErrorCode>();
      const take = (first: Step): void => {
        for (let step = first; ;) {
          if ('unjudged' in step) for (const code of step.unjudged ?? []) codes.add(code);
          if (step.type !== 'ask') return;
          step = cut.answer(known);
        }
      };
      for (const part of split(encoder.encode(text), at)) take(cut.push(part));
      take(cut.end());
      const named = unjudgedBySeal(world);
      expect([...codes]).toEqual(expect.arrayContaining([...named]));
      if (named.length > 0) counts.unjudged++;
    }),
    { numRuns: 800 },
  );
  expect(counts.unjudged).toBeGreaterThan(20);
});
