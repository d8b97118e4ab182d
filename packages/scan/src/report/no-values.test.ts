import { expect, test } from 'vitest';
import type { ScanEvent } from '../run/scan-event.ts';
import { PEOPLE, SOUND, type TinyOptions } from '../testing/tiny-api.ts';
import { scanTiny } from '../testing/scan-tiny.ts';
import { textReport } from './text-report.ts';

const VALUES = Object.values(PEOPLE).flatMap(({ id, city, weight, secret }) => [id, city, String(weight), secret]);

test('no personal data, no id and no secret is in an event, a report or a proof', async () => {
  const events: ScanEvent[] = [];
  const leaky: TinyOptions = {
    releases: { anonymous: [...SOUND.self, 'secret'], member: [...SOUND.self, 'secret'] },
    user: ({ caller, owner }) =>
      caller || !owner ? undefined : { body: { ...owner, 'zoe@example.test': owner.weight, [owner.id]: 'x' } },
  };
  const { api, ...result } = await scanTiny(leaky, { onEvent: (event) => events.push(event) });
  const written = [JSON.stringify(events), JSON.stringify(result), textReport(result, (_style, text) => text)];
  expect(api.log.join()).toContain(PEOPLE.alba.id);
  expect(result.proofs.length).toBeGreaterThan(1);
  for (const text of written) {
    expect(text.length).toBeGreaterThan(500);
    for (const value of [...VALUES, 'canary-password', 'zoe@example.test', 'Bearer', 'e30.'])
      expect(text).not.toContain(value);
  }
});

test('digests of one value differ from proof to proof', async () => {
  const releases = { anonymous: SOUND.self, member: SOUND.self };
  const { proofs } = await scanTiny({ releases });
  const values = proofs.map(
    ({ assertions }) => assertions.find(({ owner, field }) => owner === 'alba' && field === 'weight')?.value,
  );
  const digests = values.filter((value) => value !== undefined);
  expect(digests.length).toBeGreaterThan(1);
  expect(new Set(digests).size).toBe(digests.length);
});
