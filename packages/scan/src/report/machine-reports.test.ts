import { expect, test } from 'vitest';
import { CHECKS } from '../checks/index.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { SOUND } from '../testing/tiny-api.ts';
import { scanTiny } from '../testing/scan-tiny.ts';
import { TINY } from '../testing/tiny-contract.ts';
import { htmlReport } from './html-report.ts';
import { junitReport } from './junit-report.ts';
import { operationLines } from './operation-lines.ts';
import { sarifReport } from './sarif-report.ts';
import type { Log } from 'sarif';

const LEAKY = { releases: { anonymous: ['id', 'name', 'city'], 'member:private': SOUND.member } } as const;
const sarif = (result: ScanResult): Log => sarifReport(result, options) as Log;
const options = { file: 'api/contract.yaml', lineOf: operationLines(TINY) };

test('SARIF has a result for each proven finding record, at the line of its operation in the contract', async () => {
  const result = await scanTiny(LEAKY);
  const [run] = sarif(result).runs;
  const records = result.findings.filter(({ verdict }) => verdict === 'proven').flatMap((each) => each.records);
  expect(run?.results?.map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash'])).toEqual(
    records.map(({ id }) => id),
  );
  const line = TINY.split('\n').findIndex((text) => text.includes('GET /user/{id}')) + 1;
  const places = run?.results?.map(({ locations }) => locations?.[0]?.physicalLocation);
  expect(new Set(places?.map((place) => place?.region?.startLine))).toEqual(new Set([line]));
  expect(new Set(places?.map((place) => place?.artifactLocation?.uri))).toEqual(new Set(['api/contract.yaml']));
});

test('SARIF without findings has all rules and no result, so that alerts close', async () => {
  const [run] = sarif(await scanTiny({})).runs;
  expect(run?.results).toEqual([]);
  expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
});

test('SARIF keeps to what GitHub reads: no URL as a file, no empty text, few tags, a score as text', async () => {
  const log = sarif(await scanTiny(LEAKY));
  const [run] = log.runs;
  expect(run?.results?.length).toBeGreaterThan(0);
  expect(JSON.stringify(log)).not.toMatch(/"uri":"[a-z]+:/);
  expect(JSON.stringify(log)).not.toContain('""');
  for (const rule of run?.tool.driver.rules ?? []) {
    expect(rule.shortDescription?.text.length).toBeLessThanOrEqual(1_024);
    expect((rule.properties?.tags ?? []).length).toBeLessThanOrEqual(10);
    expect(rule.properties?.['security-severity']).toMatch(/^\d+\.\d$/);
  }
  for (const result of run?.results ?? [])
    expect(run?.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
});

test('the lines of operations are those of the source; an unknown operation and an unreadable source have line 1', () => {
  const source = 'a: 1\noperations:\n  GET /a: {}\n\n  GET /b/{id}:\n    by: anyone\n';
  expect(['GET /a', 'GET /b/{id}', 'GET /c'].map(operationLines(source))).toEqual([3, 5, 1]);
  expect(operationLines('{ "operations": {\n"GET /a": {} } }')('GET /a')).toBe(2);
  expect(operationLines('{ [')('GET /a')).toBe(1);
});

function casesOf(xml: string): readonly (readonly [string, string])[] {
  return [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"(?:\/>|><(\w+))/g)].map(
    ([, suite, name, outcome]) => [`${suite}: ${name}`, outcome ?? 'passed'],
  );
}

test('JUnit has a case for each viewer and resource: a leak fails, what is closed passes, what was not tested is skipped', async () => {
  const cases = new Map(casesOf(junitReport(await scanTiny(LEAKY))));
  expect(cases.get('one GET /user/{id}: anyone → User')).toBe('failure');
  expect(cases.get('one GET /user/{id}: self → User')).toBe('passed');
  expect(cases.get('one POST /users/remove: not tested (rest)')).toBe('skipped');
});

test('JUnit counts what it lists', async () => {
  const xml = junitReport(await scanTiny(LEAKY));
  const all = casesOf(xml).map(([, outcome]) => outcome);
  const count = (wanted: string): number => all.filter((each) => each === wanted).length;
  expect(xml).toContain(
    `tests="${all.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time=`,
  );
});

test('what could not be decided is an error of JUnit, with its reason', async () => {
  const result = await scanTiny({ releases: { anonymous: ['id'] } });
  expect(junitReport(result)).toMatch(
    /<error type="[^"]+" message="likely: id \(only values that others could have too\)"/,
  );
});

const HOSTILE = `"><script>alert(1)</script>&'\u0000\uD800`;

/** A result with hostile text wherever an API or a file of the user's can put text. */
function hostile(result: ScanResult): ScanResult {
  return JSON.parse(
    JSON.stringify(result, (key, value: unknown) =>
      typeof value === 'string' && !['verdict', 'severity', 'protocol', 'check'].includes(key)
        ? value + HOSTILE
        : value,
    ),
  ) as ScanResult;
}

test('hostile names are text in XML and HTML', async () => {
  const result = hostile(await scanTiny(LEAKY));
  for (const text of [junitReport(result), htmlReport(result)]) {
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('\u0000');
    expect(text.isWellFormed()).toBe(true);
  }
});

test('the page says in one sentence who can read what, needs nothing from the network, and has no value of anybody', async () => {
  const page = htmlReport(await scanTiny(LEAKY));
  expect(page).toContain('<h1>Anybody can read other people’s city, name, without a login</h1>');
  expect(page).not.toMatch(/\b(?:src|href|url)\b\s*[=(]/);
  const order = ['>Not tested<', '>Who gets what<', '>Proven<'].map((title) => page.indexOf(title));
  expect(order.every((at, index) => at > (order[index - 1] ?? 0))).toBe(true);
});

test('a page without a finding does not say that all is well where something was not decided', async () => {
  expect(htmlReport(await scanTiny({}))).toContain('<h1>No leak in what was tested</h1>');
  expect(htmlReport(await scanTiny({ releases: { anonymous: ['id'] } }))).toContain('not everything was decided</h1>');
});
