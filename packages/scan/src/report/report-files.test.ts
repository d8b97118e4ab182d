import { expect, test } from 'vitest';
import { readProof } from '../proof/read-proof.ts';
import { scanTiny } from '../testing/scan-tiny.ts';
import { tinyContract } from '../testing/tiny-contract.ts';
import { reportFiles } from './report-files.ts';

test('the files of a report are the report, with every cell once, and a proof for every proven finding', async () => {
  const { api: _api, verdict: _verdict, ...result } = await scanTiny({ releases: { anonymous: ['id', 'name'] } });
  const [report, page, sarif, junit, ...proofs] = reportFiles(result, { file: 'tiny.yaml', lineOf: () => 1 });
  expect([report, page, sarif, junit].map((file) => file?.path)).toEqual([
    'report.json',
    'report.html',
    'report.sarif',
    'junit.xml',
  ]);
  const parsed = JSON.parse(report?.text ?? '') as Record<string, unknown>;
  expect(parsed).not.toHaveProperty('proofs');
  expect(parsed['cells']).toEqual(JSON.parse(JSON.stringify(result.cells)));
  expect(JSON.stringify(parsed['findings'])).not.toContain('"cells"');
  expect(proofs.map(({ path }) => path)).toEqual(['proofs/01-missing-authentication-GET-user-id-anyone.json']);
  expect(proofs.map(({ text }) => readProof(text, tinyContract()))).toEqual(result.proofs);
});
