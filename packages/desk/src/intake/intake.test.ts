import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { proofOf } from '../testing/test-desk.ts';
import { Budget, budgetKey } from './budget.ts';
import { safeFileName } from './incoming-file.ts';
import { readMail } from './read-mail.ts';
import { readProofFile } from './read-proof-file.ts';
import { redactText } from './redact-text.ts';
import { readReport } from './report-input.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const SECRET = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
const CANARIES = ['alice-canary', '61.0001', 'Botown', SECRET, 'session-canary', 'a1b2c3d4e5f60001'];

const HAR = JSON.stringify({
  log: {
    version: '1.2',
    creator: { name: 'x', version: '1' },
    entries: [
      {
        startedDateTime: '2021-01-20T15:00:00Z',
        time: 1,
        request: {
          method: 'GET',
          url: 'https://api.example.org/api/user/a1b2c3d4e5f60001?token=alice-canary',
          httpVersion: 'HTTP/1.1',
          headers: [
            { name: 'Authorization', value: `Bearer ${SECRET}` },
            { name: 'Cookie', value: 'sid=session-canary' },
          ],
          queryString: [],
          cookies: [],
          headersSize: -1,
          bodySize: 0,
        },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          headers: [{ name: 'content-type', value: 'application/json' }],
          cookies: [],
          content: { size: 1, mimeType: 'application/json', text: '{"weight":61.0001,"home":{"city":"Botown"}}' },
          redirectURL: '',
          headersSize: -1,
          bodySize: 1,
        },
        cache: {},
        timings: { send: 0, wait: 0, receive: 0 },
      },
    ],
  },
});
const CURL = `curl -H 'Authorization: Bearer ${SECRET}' -b 'sid=session-canary' https://api.example.org/api/user/a1b2c3d4e5f60001`;
const POSTMAN = JSON.stringify({
  info: { name: 'alice-canary', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [
    { name: 'alice-canary', request: { method: 'GET', url: 'https://api.example.org/api/user/a1b2c3d4e5f60001' } },
  ],
});
const ARAZZO = `arazzo: 1.0.1
info: { title: alice-canary, version: 1 }
sourceDescriptions: []
workflows:
  - workflowId: read
    inputs: { weight: 61.0001 }
    steps:
      - stepId: get
        operationId: getUser
        parameters: [{ name: id, in: path, value: a1b2c3d4e5f60001 }]
`;

describe('proofs that come in', () => {
  test.each([
    ['har', HAR],
    ['curl', CURL],
    ['postman', POSTMAN],
    ['arazzo', ARAZZO],
  ])('of a %s file only shapes are kept: no value, id or credential', async (format, text) => {
    const taken = await readProofFile(`proof.${format}`, bytes(text));
    expect([taken?.format, taken?.isRunnable]).toEqual([format, false]);
    for (const canary of CANARIES) expect(taken?.body).not.toContain(canary);
    expect(taken?.body).toContain(format === 'arazzo' ? 'getUser' : '/api/user/{');
  });

  test('field names of a response are kept, with the shapes of their values', async () => {
    const { body } = (await readProofFile('x.har', bytes(HAR))) ?? { body: '' };
    expect(JSON.parse(body)).toEqual({
      requests: [
        expect.objectContaining({
          method: 'GET',
          hasCredential: true,
          fields: ['/weight: number', '/home/city: word'],
        }),
      ],
    });
  });

  test('a proof of our schema is runnable, and has its finding', async () =>
    expect(await readProofFile('p.json', bytes(proofOf('f')))).toMatchObject({
      isRunnable: true,
      findings: ['F-ffffffffffffffff'],
    }));

  test.each([
    ['a proof with an unknown key', '{"leakproof-proof":1,"run":"rm -rf /"}'],
    ['JSON that nests 100,000 levels', `{"log":${'['.repeat(100_000)}`],
    ['Arazzo that is none', 'arazzo: 1.0.0\nworkflows: 5\n'],
    [
      'YAML whose aliases explode',
      `arazzo: 1.0.0\na: &a [x,x,x]\nb: &b [${'*a,'.repeat(40)}]\nworkflows: [${'*b,'.repeat(40)}]\n`,
    ],
  ])('%s is refused with a code', async (_title, text) =>
    expect(readProofFile('x', bytes(text))).rejects.toThrow(
      expect.objectContaining({ code: 'LP-DESK-INPUT-INVALID' }) as Error,
    ),
  );

  test.each([
    ['a zip bomb', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0])],
    ['gzip, which is not unpacked', Uint8Array.from([0x1f, 0x8b, 8, 0])],
    ['an SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['text', bytes('hello')],
    ['JSON of something else', bytes('{"a":1}')],
    ['nothing', bytes('')],
  ])('%s is an attachment, not a proof', async (_title, content) =>
    expect(await readProofFile('x', content)).toBeUndefined(),
  );

  test('no bytes make it throw anything but a code', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map(bytes),
          fc
            .constantFrom(HAR, CURL, POSTMAN, ARAZZO, proofOf('f'))
            .chain((text) => fc.nat(text.length).map((at) => bytes(text.slice(0, at)))),
        ),
        async (content) => {
          await readProofFile('x', content).catch((error: unknown) =>
            expect((error as { code: string }).code).toMatch(/^LP-/),
          );
        },
      ),
      { numRuns: 200 },
    ));
});

describe('text', () => {
  test.each([
    CURL,
    `Authorization: Bearer ${SECRET}`,
    `the token is ${SECRET}.`,
    'https://x.org/?access_token=alice-canary&a=1',
    'curl -u me:alice-canary x',
    '{"password": "alice-canary"}',
  ])('in %s no credential is kept', (text) => {
    for (const canary of [SECRET, 'session-canary', 'alice-canary']) {
      if (text === CURL && canary === 'session-canary') continue;
      expect(redactText(text)).not.toContain(canary);
    }
  });
  test('redaction is linear: 64 KiB of anything takes no time', () => {
    const started = performance.now();
    for (const piece of ['authorization: ', 'eyJ', 'bearer ', ' -u ', '"password": "', 'a.', '?token='])
      redactText(piece.repeat(Math.ceil(65_536 / piece.length)));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
  test('redacting twice changes nothing more', () => {
    const pieces = fc.constantFrom(
      'authorization',
      ': ',
      'Bearer ',
      SECRET,
      'cookie=',
      '\n',
      '"',
      ' -u ',
      'a:b',
      '?token=',
      '&',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const once = redactText(parts.join(''));
        expect(redactText(once)).toBe(once);
      }),
    );
  });
});

describe('a report', () => {
  test('keeps line feeds, and no control characters or marks that turn text around', () =>
    expect(readReport({ title: 'a\nb\u202ec', text: 'x\r\ny\u0000\u001b[31m' })).toEqual({
      title: 'a bc',
      text: 'x\ny[31m',
    }));
  test.each([
    [{ title: '', text: 'x' }, 'title'],
    [{ title: 'x', text: ' ' }, 'text'],
    [{ title: 'x', text: 'y'.repeat(65_537) }, 'text'],
    [{ title: 'x', text: 'y', contact: 'a@b.c\nBcc: x@y.z' }, 'contact'],
    [{ title: 'x', text: 'y', contact: 'a@b.c,x@y.z' }, 'contact'],
    [{ title: 'x', text: 'y', plannedAt: 'tomorrow' }, 'plannedAt'],
    [{ title: 'x', text: 'y', more: 1 }, 'not known'],
    [null, 'input'],
    ['x', 'input'],
  ])('%j is refused, and the field is named', (value, named) =>
    expect(() => readReport(value)).toThrow(
      expect.objectContaining({
        code: 'LP-DESK-INPUT-INVALID',
        message: expect.stringContaining(named) as string,
      }) as Error,
    ),
  );
});

describe('mail', () => {
  const MAIL = `Received: from mx.example.org by desk.example.org; Wed, 20 Jan 2021 15:00:00 +0000
Received: from elsewhere by mx.example.org; Mon, 18 Jan 2021 15:00:00 +0000
From: Re Searcher <rs@example.org>
Date: Fri, 1 Jan 2010 00:00:00 +0000
Subject: Re: [D-0123456789] Any profile
Message-ID: <1@example.org>

Every profile is open.
`;
  test('arrived when our server took it, whatever its Date says', async () =>
    expect(await readMail(bytes(MAIL))).toMatchObject({
      arrivedMs: Date.parse('2021-01-20T15:00:00Z'),
      from: 'rs@example.org',
      name: 'Re Searcher',
      text: 'Every profile is open.',
      caseId: 'D-0123456789',
      isAutomatic: false,
    }));
  test.each([
    'Auto-Submitted: auto-replied',
    'Precedence: bulk',
    'List-Id: <x.example.org>',
    'From: MAILER-DAEMON@example.org',
  ])('with %s it is automatic', async (header) =>
    expect(
      (await readMail(bytes(`${header}\n${header.startsWith('From') ? '' : MAIL}Subject: x\n\nx`))).isAutomatic,
    ).toBe(true),
  );
  test('HTML is not read', async () => {
    const mail = await readMail(
      bytes('From: a@example.org\nSubject: x\nContent-Type: text/html\n\n<img src=x onerror=alert(1)>'),
    );
    expect(mail.text).not.toContain('onerror');
  });
  test.each(['', 'hello', '\u0000\u0001', `From: a@b.c\n${'x: y\n'.repeat(70_000)}\n\nx`])(
    'what is no mail has a code',
    async (text) =>
      expect(readMail(bytes(text))).rejects.toThrow(expect.objectContaining({ code: 'LP-MAIL-UNREADABLE' }) as Error),
  );
});

describe('budgets', () => {
  test('an address has a burst, and attempts come back; other addresses lose nothing', () => {
    let now = 0;
    const budget = new Budget({ burst: 2, perHour: 60, now: () => now });
    expect([budget.take('a'), budget.take('a'), budget.take('a'), budget.take('b')]).toEqual([
      undefined,
      undefined,
      60,
      undefined,
    ]);
    now += 60_000;
    expect([budget.take('a'), budget.take('a')]).toEqual([undefined, 60]);
    expect(() => budget.spend('a')).toThrow(expect.objectContaining({ code: 'LP-DESK-BUDGET' }) as Error);
  });
  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:9::1', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['::1', '::2', true],
    ['10.0.0.1', '10.0.0.2', false],
  ])('%s and %s share one budget: %s', (one, two, same) => expect(budgetKey(one) === budgetKey(two)).toBe(same));
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['a"; filename=x.html', 'a_filename_x.html'],
  ['...', 'file'],
  ['C:\\x\\y.svg', 'y.svg'],
])('the file name %s becomes %s', (name, safe) => expect(safeFileName(name)).toBe(safe));
