import { expect, test } from 'vitest';
import type { ScanEvent } from '../run/scan-event.ts';
import { scanTiny } from '../testing/scan-tiny.ts';
import { progressLine } from './progress-line.ts';

test('every event but a finding is a line of progress, and only unfinished attempts are transient', async () => {
  const events: ScanEvent[] = [];
  await scanTiny({ releases: { anonymous: ['id', 'name'] } }, { onEvent: (event) => events.push(event) });
  const types = new Set(events.map(({ type }) => type));
  expect([...types].sort()).toEqual(['finding', 'finished', 'harvested', 'identities', 'planned', 'replayed', 'tried']);
  for (const event of events) {
    const line = progressLine(event);
    expect(line === undefined).toBe(event.type === 'finding');
    expect(line?.isTransient ?? false).toBe(event.type === 'tried' && event.done < event.of);
  }
});
