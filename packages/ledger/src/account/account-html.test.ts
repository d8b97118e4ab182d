import { expect, test } from 'vitest';
import { access, append, DAY, end, freshLedger, HOUR_MS, smallLog, token } from '../testing/ledger-directory.ts';
import { ask } from '../testing/in-this-process.ts';
import { accountHtml } from './account-html.ts';
import { ownersCsv } from './account-csv.ts';

async function page(classOf?: () => string): Promise<string> {
  const directory = freshLedger();
  const log = smallLog(directory);
  for (let day = 0; day < 12; day++)
    for (let index = 0; index <= day; index++) {
      const facts = [
        { tokens: [token(`o${index * day}`)], seen: ['id', 'name'], exposed: ['<age>'], withheld: ['email'] },
      ];
      const principal = { kind: 'member', token: token(`p${index % 5}`) };
      const request = `${day}-${index}`;
      await append(log, access(request, facts, { principal, time: DAY + day * 24 * HOUR_MS }), end(request));
    }
  await append(log, { type: 'gap', time: DAY, request: 'g', code: 'LP-JSON-INVALID' });
  await log.close();
  const account = await ask(directory, 'account', { nowMs: DAY });
  return accountHtml(account, { question: ['Everything.'], nowMs: DAY, classOf });
}

test('the page has three figures, the gaps and the method, and runs nothing', async () => {
  const html = await page();
  expect(html.match(/<figure>/g)).toHaveLength(3);
  expect(html).toContain('1 responses were not judged (LP-JSON-INVALID), 2021-05-05 00:00');
  expect(html).toContain('Lower bounds');
  expect(html).toContain('<h2>Method</h2>');
  expect(html).not.toMatch(/<script|<link|src=|href=|<age>/);
  expect(html).toContain('User.&lt;age&gt;');
});

test('with a contract, fields are shown by data class', async () => {
  expect(await page(() => 'demographic.age')).toContain('demographic.age');
});

test('CSV has no formula and no broken line', () => {
  const owner = { kind: '=1"', token: '0f', records: 1, exposed: 0, firstMs: 0, lastMs: 0 };
  expect(ownersCsv([owner]).split('\r\n')[1]).toBe(`"'=1""",0f,1,0,1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.000Z`);
});
