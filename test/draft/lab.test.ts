import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Exchange } from '@leakproof/core';
import { type Lab, oracle, type OracleCell, provableCells, STAGES, startLab } from '@leakproof/lab';
import { type Draft, draft, readAnswers } from '@leakproof/map';
import { buildInventory, type DeclaredOperation, readSource } from '@leakproof/sources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInHandouts } from '../../packages/lab/src/handouts/journeys.ts';
import { compileDraft, forbiddenIn } from '../support/draft-verdicts.ts';
import { sampleOf } from '../support/sample.ts';
import { type Explored, exploreLab } from '../support/explore-lab.ts';

// What a contract says that was drafted from the lab's handouts and the answers of its operations, against what the lab says.

const HANDOUTS = resolve(import.meta.dirname, '../../examples/cadence');
const answers = readAnswers(readFileSync(resolve(HANDOUTS, 'answers.yaml'), 'utf8'));
const CREWS = {
  'a stranger, a follower and three owners': ['sam', 'pia', 'fay', 'olga', 'hugo'],
  'a coach, a guardian, support staff and two owners of the other region': [
    'coco_uk',
    'gwen_uk',
    'sid_uk',
    'cole_uk',
    'mina_uk',
  ],
};

let lab: Lab;
const captured: Exchange[] = [];
const declared: DeclaredOperation[] = [];

beforeAll(async () => {
  lab = await startLab({ members: 200 });
  for (const file of ['openapi.json', 'web.har', 'mobile.har', 'device.har'])
    for await (const reading of readSource(resolve(HANDOUTS, file))) {
      if (reading.type === 'exchange') captured.push(reading.exchange);
      if (reading.type === 'operation') declared.push(reading.operation);
    }
});
afterAll(() => lab.close());

/** Cells that can be asked for with the credentials of these identities. GraphQL is not drafted. */
const within = (identities: readonly string[], cell: OracleCell): boolean =>
  cell.kind === 'read' &&
  cell.protocol === 'rest' &&
  cell.provableWith.length > 0 &&
  cell.provableWith.every((name) => identities.includes(name));

const shapeOf = (operation: string): string => operation.replaceAll(/\{[^}]*\}/g, '{}');
const keyOf = ({ host, channel, operation, at, wire, viewer, owner }: OracleCell): string => {
  const path = [...at.split('/'), ...wire.split('.')].filter((step) => step !== '').join('/');
  return [host, channel, shapeOf(operation), path, viewer, owner].join(' ');
};

function draftFrom(explored: readonly Explored[]): Draft {
  const exchanges = [...captured, ...explored.map(({ exchange }) => exchange)];
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  for (const each of declared) builder.declare(each);
  return draft({ exchanges, inventory: builder.finish(), declared, answers });
}

/** The cells that the draft forbids although the viewer was given them, and those of them that are meant. */
function forbidden(
  explored: readonly Explored[],
  cells: readonly OracleCell[],
): { found: Set<string>; meant: string[] } {
  const drafted = draftFrom(explored);
  const contract = compileDraft(drafted);
  const names = new Map(lab.identities.map(({ userId, username }) => [userId, username]));
  const isMeant = new Map(cells.map((cell) => [keyOf(cell), cell.meant]));
  const found = new Set<string>();
  const meant: string[] = [];
  for (const {
    exchange,
    viewer,
    cells: [first],
  } of explored)
    for (const { operation, path, owners } of forbiddenIn(contract, drafted, { exchange, caller: viewer }) ?? [])
      for (const id of owners) {
        const steps = path.split('/');
        const keys = steps.map((_, at) =>
          [
            first?.host,
            first?.channel,
            shapeOf(operation),
            steps.slice(0, at + 1).join('/'),
            viewer,
            names.get(id),
          ].join(' '),
        );
        for (const key of keys) found.add(key);
        // A part of a field is what the field is.
        const cell = keys.findLast((key) => isMeant.has(key));
        if (cell !== undefined && isMeant.get(cell) === true) meant.push(cell);
      }
  return { found, meant };
}

describe.each(Object.entries(CREWS))('with %s,', (_, identities) => {
  test.each(sampleOf(STAGES, 5).map(({ name }) => name))(
    'in the stage %s, all that is provable is forbidden and nothing that is meant',
    async (stage) => {
      lab.setStage(stage);
      const cells = oracle({ stage }).filter((cell) => within(identities, cell));
      const explored = await exploreLab(lab, cells);
      const { found, meant } = forbidden(explored, cells);
      const provable = provableCells({ stage, identities }).filter((cell) => within(identities, cell));
      expect(meant).toEqual([]);
      expect(provable.map(keyOf).filter((key) => !found.has(key))).toEqual([]);
    },
  );

  test('from the operations of the captures alone, it is the same', async () => {
    lab.setStage('members');
    const cells = oracle({ stage: 'members' }).filter(
      (cell) => within(identities, cell) && isInHandouts(cell.operation, cell.channel),
    );
    const { found, meant } = forbidden(await exploreLab(lab, cells), cells);
    const provable = provableCells({ stage: 'members', identities }).filter((cell) => within(identities, cell));
    expect(provable.length).toBeGreaterThan(50);
    expect(meant).toEqual([]);
    expect(provable.map(keyOf).filter((key) => !found.has(key))).toEqual([]);
  });
});

test.each(['open', 'members'])(
  'the stage %s never reads as by design: no personal field of a person is for everybody',
  (stage) => {
    lab.setStage(stage);
    const builder = buildInventory();
    for (const each of captured) builder.add(each);
    for (const each of declared) builder.declare(each);
    const { rules } = draft({ exchanges: captured, inventory: builder.finish(), declared });
    const personal = rules.filter((rule) => rule.class !== undefined || rule.owner !== undefined);
    expect(personal.length).toBeGreaterThan(40);
    expect(personal.filter(({ see }) => see?.some((each) => each === 'anyone' || each === 'member'))).toEqual([]);
  },
);
