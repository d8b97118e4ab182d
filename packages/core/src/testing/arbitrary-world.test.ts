import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '../rules/judge.ts';
import { observe } from '../response/observe.ts';
import type { ObservedValue } from '../response/observation.ts';
import { readJson } from '../wire/json.ts';
import { arbitraryWorld } from './arbitrary-world.ts';

test('the worlds that properties are tested on hold everything that a contract can say', () => {
  const found = new Map<string, number>();
  const note = (what: string): void => void found.set(what, (found.get(what) ?? 0) + 1);
  const visit = (place: ObservedValue): void => {
    note(`place: ${place.type}`);
    if (place.type === 'list') place.items.forEach(visit);
    if (place.type === 'map') place.entries.forEach(visit);
    if (place.type !== 'object') return;
    if (place.keyField !== undefined) note('keyed');
    place.members.forEach((member) => {
      if (member.key?.added) note('added for evidence');
      if (member.key?.nonNull) note('required by the schema');
      visit(member.place);
    });
  };
  for (const { contract, expected, text, principal, known } of fc.sample(arbitraryWorld(), {
    numRuns: 1_500,
    seed: 1,
  })) {
    const { root, sightings } = observe(contract, expected, readJson(text));
    visit(root);
    note(`principal: ${principal.kind}`);
    for (const sighting of sightings) {
      const ruling = judge(contract, principal, sighting, known);
      for (const because of ruling.forbidden.values()) note(`because: ${because}`);
      if (ruling.allowed.length > 0) note('allowed');
      if (ruling.asks.length > 0) note('asks');
      if (ruling.relations.includes('self')) note('self');
      if (sighting.owners.length > 1) note('several owners');
      if (sighting.owners.some((each) => each.about)) note('about');
      if (sighting.parent) note('parent');
      if (sighting.narrow) note('narrow of the operation');
    }
    if (/\\u/.test(text)) note('escapes');
    if (/\n/.test(text)) note('white space');
  }
  const expectedKinds = [
    ...['object', 'list', 'map', 'ref', 'whole', 'misshapen'].map((each) => `place: ${each}`),
    ...['anonymous', 'member', 'staff'].map((each) => `principal: ${each}`),
    ...[
      'relation',
      'undeclared',
      'misshapen',
      'projection',
      'owner-unknown',
      'group-too-small',
      'hidden',
      'state:private',
      'state:hides',
      'state:frozen',
    ].map((each) => `because: ${each}`),
    'keyed',
    'added for evidence',
    'required by the schema',
    'allowed',
    'asks',
    'self',
    'several owners',
    'about',
    'parent',
    'narrow of the operation',
    'escapes',
    'white space',
  ];
  for (const kind of expectedKinds) expect([kind, (found.get(kind) ?? 0) >= 10]).toEqual([kind, true]);
});
