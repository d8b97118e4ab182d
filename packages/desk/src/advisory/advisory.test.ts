import * as basic from '@secvisogram/csaf-validator-lib/basic.js';
import validate from '@secvisogram/csaf-validator-lib/validate.js';
import { describe, expect, test } from 'vitest';
import { proofOf, testDesk } from '../testing/test-desk.ts';
import type { Desk } from '../service/desk.ts';
import { ADVISORY_FORMATS, exportAdvisory } from './export-advisory.ts';
import { scoreCvss4, severityOf } from './severity.ts';

const publisher = {
  name: 'Cadence',
  namespace: 'https://cadence.example',
  contact: 'security@cadence.example',
  product: 'Cadence API',
};
const CANARY = 'canary of the reporter';

async function caseWith({ isFixed = false, isCounted = true } = {}): Promise<{ desk: Desk; id: string }> {
  const { desk } = await testDesk('2026-01-01T00:00:00Z', {
    replayProof: () => Promise.resolve({ verdict: isFixed ? 'not reproduced' : 'reproduced', why: '', requests: 1 }),
    countExposed: () =>
      Promise.resolve({
        people: 3_000_000,
        records: 4,
        classes: ['body.weight'],
        grade: 'observed',
        isComplete: false,
        tokens: [],
      }),
  });
  const report = {
    title: CANARY,
    text: CANARY,
    contact: 'rs@example.org',
    name: 'Re [Searcher](x)',
    isCreditWanted: true,
  };
  const files = [{ name: 'p', content: Buffer.from(proofOf('f')) }];
  const { id } = await desk.submit({ report, channel: 'form', files });
  await desk.submit({ report: { ...report, name: 'Second' }, channel: 'form', files });
  await desk.submit({ report: { ...report, name: 'Anonymous', isCreditWanted: false }, channel: 'form', files });
  await desk.retests.idle();
  if (isCounted) await desk.count(id);
  if (isFixed) {
    await desk.staffDoes(id, 'ann', { do: 'write', text: 'x' });
    for (const to of ['valid', 'accepted'] as const) await desk.staffDoes(id, 'ann', { do: 'judge', to, reason: 'r' });
    for (const fact of ['fix-ready', 'fix-deployed'] as const)
      await desk.staffDoes(id, 'ann', { do: 'fact', fact, reason: 'r' });
    await desk.retests.idle();
    await desk.staffDoes(id, 'ann', { do: 'publish', advisory: 'CAD-2026-1', reason: 'r' });
    await desk.staffDoes(id, 'ann', { do: 'close', resolution: 'fixed', reason: 'r' });
  }
  return { desk, id };
}

describe.each([
  ['fixed and published', { isFixed: true }],
  ['a draft, not fixed', {}],
  ['not counted', { isCounted: false }],
])('an advisory that is %s', (_title, options) => {
  test('passes the schema and every mandatory test of CSAF 2.0', async () => {
    const { desk, id } = await caseWith(options);
    const { content } = await exportAdvisory(id, 'csaf.json', { desk, publisher });
    const result = await validate(Object.values(basic), JSON.parse(content));
    expect(result.tests.filter(({ isValid }) => !isValid)).toEqual([]);
    expect([result.isValid, result.tests.length > 30]).toEqual([true, true]);
  });

  test.each(Object.keys(ADVISORY_FORMATS))(
    'says in %s what is exposed, and nothing that the reporter wrote but names for credit',
    async (format) => {
      const { desk, id } = await caseWith(options);
      const { content } = await exportAdvisory(id, format, { desk, publisher });
      expect(content).not.toContain(CANARY);
      expect(content).not.toContain('rs@example.org');
      expect(content).not.toContain('Anonymous');
      expect(content).toContain('Second');
      expect(content.replaceAll('\\', '')).toMatch('isCounted' in options ? /not counted/ : /3000000 people/);
      expect(content).toMatch(/User\\?\.weight/);
    },
  );
});

test('in Markdown nothing is a link or an image that a name smuggles in', async () => {
  const { desk, id } = await caseWith();
  const { content } = await exportAdvisory(id, 'advisory.md', { desk, publisher });
  expect(content).toContain('Re \\[Searcher\\]\\(x\\)');
});

test('the CycloneDX and the CVE draft have the members that their formats require', async () => {
  const { desk, id } = await caseWith();
  const read = async (format: string): Promise<unknown> =>
    JSON.parse((await exportAdvisory(id, format, { desk, publisher })).content);
  expect(await read('cyclonedx.json')).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: expect.stringMatching(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    ) as string,
    vulnerabilities: [{ cwes: [306], ratings: [{ method: 'CVSSv4', severity: 'high' }] }],
  });
  expect(await read('cve.json')).toMatchObject({
    tags: ['exclusively-hosted-service'],
    problemTypes: [{ descriptions: [{ cweId: 'CWE-306' }] }],
  });
});

test('without a publisher, or in a format that is none, there is no advisory', async () => {
  const { desk, id } = await caseWith();
  await expect(exportAdvisory(id, 'csaf.json', { desk, publisher: undefined })).rejects.toThrow(
    expect.objectContaining({ code: 'LP-ADVISORY-INCOMPLETE' }) as Error,
  );
  for (const format of ['x', '__proto__', 'toString'])
    await expect(exportAdvisory(id, format, { desk, publisher })).rejects.toThrow(
      expect.objectContaining({ code: 'LP-DESK-CASE-UNKNOWN' }) as Error,
    );
});

test('CVSS 4.0 falls when a login is added, although every person stays exposed', () => {
  const proof = (attacker: string) => ({ runnable: 1, body: proofOf('f').replaceAll('"anonymous"', `"${attacker}"`) });
  expect([severityOf([proof('anonymous')])?.score, severityOf([proof('fay')])?.score, severityOf([])]).toEqual([
    8.7,
    7.1,
    undefined,
  ]);
  expect(scoreCvss4('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N')).toBe(6.9);
});
