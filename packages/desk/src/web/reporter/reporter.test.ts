import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveTestDesk, signedIn, Visitor } from '../../testing/serve-test-desk.ts';
import { HEADERS } from '../create-server.ts';

const REPORT = { title: 'Any caller reads any profile', text: 'GET /api/user/7 needs no login' };
const keyIn = (text: string): string => /class="key">([0-9A-Z-]+)</.exec(text)?.[1] ?? '';

describe('a reporter', () => {
  test('sends the form without a script, gets a key once, and comes back with it', async () => {
    const { reporterUrl } = await serveTestDesk();
    const visitor = new Visitor(reporterUrl);
    expect((await visitor.get('/')).text).toContain('<form method="post" action="/report"');
    const sent = await visitor.post('/report', {
      ...REPORT,
      name: '',
      contact: '',
      foreignPeople: '2',
      isDeleted: 'yes',
    });
    expect(sent.status).toBe(201);
    const thread = await visitor.get('/thread');
    expect(thread.text).toContain('It is our turn, until');
    expect(thread.text).toContain('keep the details to yourself until');
    expect(thread.text).not.toContain(keyIn(sent.text));
    const later = new Visitor(reporterUrl);
    expect((await later.post('/case', { key: keyIn(sent.text).toLowerCase() })).text).toContain(REPORT.title);
    expect((await later.post('/thread', { text: 'Any news?' })).text).toContain('Any news?');
    await later.post('/leave', {});
    expect((await later.get('/thread')).text).toContain('Your return key');
  });

  test('does the same by the API, where errors are problem details', async () => {
    const { reporterUrl } = await serveTestDesk();
    const visitor = new Visitor(reporterUrl);
    const { status, text } = await visitor.json('/api/reports', {
      ...REPORT,
      files: [{ name: 'a.txt', base64: 'aGk=' }],
    });
    expect(status).toBe(201);
    const { key, thread } = JSON.parse(text) as { key: string; thread: unknown[] };
    expect(thread).toHaveLength(1);
    const authorization = `Bearer ${key}`;
    expect((await visitor.json('/api/case/messages', { text: 'more' }, { authorization })).status).toBe(201);
    expect(JSON.parse((await visitor.get('/api/case', { authorization })).text)).toMatchObject({
      report: 'received',
      embargo: 'active',
    });
    for (const [path, body, code] of [
      ['/api/reports', { ...REPORT, title: '' }, 'LP-DESK-INPUT-INVALID'],
      ['/api/reports', null, 'LP-DESK-INPUT-INVALID'],
      ['/api/case/messages', { text: 'x' }, 'LP-DESK-CASE-UNKNOWN'],
    ] as const) {
      const refused = await visitor.json(path, body);
      expect([refused.headers.get('content-type'), JSON.parse(refused.text)]).toEqual([
        'application/problem+json; charset=utf-8',
        expect.objectContaining({ code }),
      ]);
    }
  });

  test('answers the proposal of a new end of the embargo', async () => {
    const running = await serveTestDesk();
    const visitor = new Visitor(running.reporterUrl);
    const id = /<strong>(D-[0-9A-Z]+)</.exec((await visitor.post('/report', REPORT)).text)?.[1] ?? '';
    const staff = await signedIn(running);
    const until = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 16);
    await staff.post(`/cases/${id}/do`, { do: 'extend', until, reason: 'one server is left' });
    expect((await visitor.get('/thread')).text).toContain('It is your turn');
    expect((await visitor.post('/thread/embargo', { answer: 'accept-embargo' })).text).toContain(
      'The reporter agrees.',
    );
  });
});

describe('the realms', () => {
  test('share no cookie, no key and no page', async () => {
    const running = await serveTestDesk();
    const reporter = new Visitor(running.reporterUrl);
    const sent = await reporter.post('/report', REPORT);
    const intruder = new Visitor(running.staffUrl);
    intruder.cookie = reporter.cookie;
    for (const path of ['/', '/register', '/metrics', '/files/x', '/cases/x', '/no-such-page'])
      expect((await intruder.get(path)).text).toContain('Your staff key');
    expect((await intruder.get('/api/cases', { authorization: `Bearer ${keyIn(sent.text)}` })).status).toBe(401);
    expect((await intruder.post('/sign-in', { key: keyIn(sent.text) })).status).toBe(401);
    expect((await intruder.post('/cases/x/do', { do: 'note', text: 'x' })).status).toBe(401);
    const staff = await signedIn(running);
    const wrong = new Visitor(running.reporterUrl);
    wrong.cookie = staff.cookie;
    expect((await wrong.get('/thread')).text).toContain('Your return key');
    expect((await wrong.post('/case', { key: running.firstKey ?? '' })).status).toBe(404);
  });

  test('take no form of another site', async () => {
    const { reporterUrl } = await serveTestDesk({
      reporter: { listen: '127.0.0.1:0', url: 'https://report.example.org' },
    });
    const body = new FormData();
    for (const [name, value] of Object.entries(REPORT)) body.append(name, value);
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await fetch(`${reporterUrl}/report`, { method: 'POST', body, headers })).status).toBe(409);
    const own = { origin: 'https://report.example.org', 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${reporterUrl}/report`, { method: 'POST', body, headers: own })).status).toBe(201);
  });

  test.each([
    '/',
    '/thread',
    '/no-such-page',
    '/style.css',
    '/api/case',
    '/.well-known/security.txt',
    '/policy',
    '/status',
  ])('send %s with every header', async (path) => {
    const { reporterUrl } = await serveTestDesk();
    const { headers } = await fetch(`${reporterUrl}${path}`, { redirect: 'manual' });
    for (const [name, value] of Object.entries(HEADERS))
      if (name !== 'cache-control' || path !== '/style.css') expect([name, headers.get(name)]).toEqual([name, value]);
  });
});

test('security.txt is served to its exact hosts', async () => {
  const { reporterUrl } = await serveTestDesk({
    securityTxt: { hosts: ['127.0.0.1'], contact: ['mailto:security@example.org'] },
  });
  const visitor = new Visitor(reporterUrl);
  const { headers, text } = await visitor.get('/.well-known/security.txt');
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text).toContain('Contact: mailto:security@example.org\nExpires: ');
  expect(
    (
      await fetch(`${reporterUrl.replace('127.0.0.1', 'localhost')}/.well-known/security.txt`).catch(() => ({
        status: 404,
      }))
    ).status,
  ).toBe(404);
});

describe('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  test('axe finds no violation on any page of the reporter, nor of the staff', async () => {
    const running = await serveTestDesk({ name: 'Cadence security' });
    // The debugger's evaluation is not subject to the pages' policy, which stays in force.
    const context = await browser.newContext();
    const view = await context.newPage();
    const checked: string[] = [];
    const check = async (): Promise<void> => {
      await view.evaluate(axe);
      const found = await view.evaluate(async () => {
        const { axe: run } = globalThis as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }> };
        };
        const { violations, passes } = await run.run();
        return { violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), passes: passes.length };
      });
      expect([view.url(), found.violations]).toEqual([view.url(), []]);
      expect(found.passes).toBeGreaterThan(10);
      checked.push(new URL(view.url()).pathname);
    };
    for (const path of ['/', '/policy', '/status', '/case', '/no-such-page']) {
      await view.goto(running.reporterUrl + path);
      await check();
    }
    await view.goto(running.reporterUrl);
    await view.fill('#title', REPORT.title);
    await view.fill('#text', REPORT.text);
    await view.click('button[type=submit]');
    await check();
    const id = await view.textContent('main strong');
    await view.click('text=See your case');
    await check();
    await view.fill('#text', 'More');
    await view.click('text="Send"');
    await check();
    await view.goto(running.staffUrl);
    await check();
    await view.fill('#key', running.firstKey ?? '');
    await view.click('main button');
    await check();
    for (const path of [`/cases/${id}`, `/cases/${id}/notices`, '/register', '/metrics', '/channels']) {
      await view.goto(running.staffUrl + path);
      await view.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true;`);
      await check();
    }
    expect(checked.length).toBeGreaterThanOrEqual(15);
    await context.close();
  });

  test('a report of HTML and script is text: nothing runs, nothing loads, and the policy is never violated', async () => {
    const running = await serveTestDesk();
    const hostile = `</p><script>document.title='owned'</script><img src=x onerror="document.title='owned'"><svg onload="document.title='owned'"></svg>{{7*7}}<a href="javascript:alert(1)">x</a>`;
    const context = await browser.newContext();
    const view = await context.newPage();
    const requests: string[] = [];
    const violations: string[] = [];
    view.on('request', (request) => requests.push(new URL(request.url()).pathname));
    view.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
    await view.goto(running.reporterUrl);
    await view.fill('#title', hostile.slice(0, 180));
    await view.fill('#text', hostile);
    await view.setInputFiles('#files', {
      name: '<img src=x>.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg onload="alert(1)"/>'),
    });
    await view.click('button[type=submit]');
    const id = (await view.textContent('main strong')) ?? '';
    await view.click('text=See your case');
    expect(await view.textContent('.entry .text')).toContain(hostile);
    await view.goto(running.staffUrl);
    await view.fill('#key', running.firstKey ?? '');
    await view.click('main button');
    await view.goto(`${running.staffUrl}/cases/${id}`);
    expect(await view.textContent('.entry .text')).toContain(hostile);
    expect(await view.title()).not.toContain('owned');
    expect(await view.locator('main img, main svg, main script').count()).toBe(0);
    const download = view.waitForEvent('download');
    await view.click('a[download]');
    expect((await download).suggestedFilename()).toBe('img_src_x_.svg');
    expect(
      requests.filter((path) => !/^\/(?:$|report|thread|style\.css|sign-in|cases\/|files\/|favicon)/.test(path)),
    ).toEqual([]);
    expect(violations.filter((text) => !text.includes('favicon'))).toEqual([]);
    await context.close();
  });
});
