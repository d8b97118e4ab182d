import { answer, bearer, type CorpusCase, request } from '../corpus-case.ts';

const sealed = (id: string, title: string, body: string | Uint8Array, keeps: readonly string[]): CorpusCase => ({
  id,
  title,
  send: (as) => request('GET /users/7', [bearer(as.stranger)]),
  origin: { raw: answer(body) },
  status: [200],
  keeps,
});

const refused = (
  id: string,
  title: string,
  body: string | Uint8Array,
  headers: readonly string[] = ['Content-Type: application/json'],
  line = 'GET /users/7',
): CorpusCase => ({
  id,
  title,
  send: (as) => request(line, [bearer(as.stranger)]),
  origin: { raw: answer(body, headers) },
  status: [404, 502],
});

const utf16 = Buffer.from('\ufeff{"id":"7","email":"LEAK"}', 'utf16le');

export const JSON_BODIES: readonly CorpusCase[] = [
  refused('J1', 'a key that stands twice is not released', '{"id":"9","id":"7","email":"LEAK"}'),
  refused(
    'J1',
    'a key that stands twice in two spellings is not released',
    '{"id":"7","email":1,"em\\u0061il":"LEAK"}',
  ),
  sealed('J2', 'numbers leave as they came', '{"id":"7","city":123456789012345678901234567890}', [
    '123456789012345678901234567890',
  ]),
  sealed('J2', 'minus nought leaves as it came', '{"id":"7","city":-0,"username":1.10}', ['-0', '1.10']),
  sealed('J2', 'a number beyond all numbers leaves as it came', '{"id":"7","city":1e400}', ['1e400']),
  sealed('J3', 'an escaped key is the key it stands for', '{"id":"7","em\\u0061il":"LEAK","c\\u0069ty":"KEEP"}', [
    'KEEP',
  ]),
  sealed(
    'J3',
    'a key that only looks like a declared one is another',
    '{"id":"7","Email":"LEAK","email\\u200b":"LEAK","city":"KEEP"}',
    ['KEEP'],
  ),
  sealed('J3', 'lone surrogates and line separators leave as they came', '{"id":"7","city":"KEEP\\ud800\u2028"}', [
    'KEEP\\ud800',
  ]),
  refused(
    'J3',
    'bytes that are not UTF-8 are not released',
    Buffer.from('{"id":"7","city":"\xff","email":"LEAK"}', 'latin1'),
  ),
  refused('J3', 'UTF-16 is not released', utf16),
  refused('J4', 'arrays without end are not released', `${'['.repeat(90_000)}"LEAK"${']'.repeat(90_000)}`),
  refused('J4', 'objects without end are not released', `${'{"friend":'.repeat(10_000)}"LEAK"${'}'.repeat(10_000)}`),
  sealed(
    'J4',
    'many unknown keys are all dropped',
    `{"id":"7",${Array.from({ length: 9_000 }, (_, index) => `"k${index}":"LEAK"`).join(',')},"city":"KEEP"}`,
    ['KEEP'],
  ),
  sealed(
    'J5',
    'names of a prototype are names like any other',
    '{"id":"7","__proto__":{"email":"LEAK"},"constructor":"LEAK","toString":"LEAK","city":"KEEP"}',
    ['KEEP'],
  ),
  refused('J6', 'another charset is not released', '{"id":"7","email":"LEAK"}', [
    'Content-Type: application/json; charset=utf-7',
  ]),
  refused('J6', 'a body without a type is not released', '{"id":"7","email":"LEAK"}', []),
  refused('J6', 'JSON that says it is text is not released', '{"id":"7","email":"LEAK"}', ['Content-Type: text/plain']),
  {
    ...sealed('J6', 'a vendor’s JSON is JSON', '', ['KEEP']),
    origin: { raw: answer('{"id":"7","city":"KEEP","email":"LEAK"}', ['Content-Type: application/vnd.corpus+json']) },
  },
  refused('J7', 'JSON in a call is not released', 'callback({"id":"7","email":"LEAK"})', [
    'Content-Type: application/javascript',
  ]),
  refused('J7', 'JSON behind a prefix is not released', ')]}\',\n{"id":"7","email":"LEAK"}'),
  refused('J7', 'JSON in a page is not released', '<script>{"email":"LEAK"}</script>', ['Content-Type: text/html']),
  ...['application/x-ndjson', 'application/jsonl'].map((type) => ({
    ...sealed('J8', `lines of ${type} are sealed one by one`, '', ['KEEP-7', 'KEEP-8']),
    origin: {
      raw: answer('{"id":"7","city":"KEEP-7","email":"LEAK"}\n{"id":"8","city":"KEEP-8","email":"LEAK"}\n', [
        `Content-Type: ${type}`,
      ]),
    },
  })),
  refused('J8', 'lines of which the first is no JSON are not released', 'LEAK\n{"id":"8","email":"LEAK"}\n', [
    'Content-Type: application/x-ndjson',
  ]),
  refused('J8', 'a line that holds two texts is not released', '{"id":"7","email":"LEAK"} {"city":"LEAK"}\n', [
    'Content-Type: application/jsonl',
  ]),
  refused('J8', 'a last line that breaks off is not released', '{"id":"7","email":"LEAK"', [
    'Content-Type: application/jsonl',
  ]),
  refused('J8', 'lines that say they are one JSON are not released', '{"id":"7"}\n{"id":"8","email":"LEAK"}'),
  {
    ...sealed('J8', 'events are sealed one by one', '', ['KEEP-7', 'KEEP-8']),
    origin: {
      raw: answer(
        ': LEAK comment\nevent: user\ndata: {"id":"7","city":"KEEP-7",\ndata: "email":"LEAK"}\n\n' +
          'other: LEAK\r\nid: LEAK with spaces\r\ndata:{"id":"8","city":"KEEP-8","email":"LEAK"}\r\n\r\n',
        ['Content-Type: text/event-stream'],
      ),
    },
  },
  {
    ...sealed('J8', 'an event without an owner is nobody’s', '', []),
    origin: { raw: answer('data: {"email":"LEAK"}\n\n', ['Content-Type: text/event-stream']) },
  },
  refused('J8', 'an event that is no JSON is not released', 'data: LEAK\n\n', ['Content-Type: text/event-stream']),
  refused('J8', 'parts are not released undeclared', '--x\r\n\r\n{"email":"LEAK"}\r\n--x--', [
    'Content-Type: multipart/mixed; boundary=x',
  ]),
  ...['text/csv', 'application/xml', 'application/pdf', 'application/x-protobuf', 'application/yaml'].map((type) =>
    refused('J9', `${type} is not released`, 'LEAK', [`Content-Type: ${type}`]),
  ),
  sealed(
    'J10',
    'JSON inside a string of an unknown field is dropped with it',
    '{"id":"7","payload":"{\\"email\\":\\"LEAK\\"}","city":"KEEP"}',
    ['KEEP'],
  ),
  refused('J11', 'an array where an object is due is not released', '[{"id":"7","email":"LEAK"}]'),
  refused('J11', 'a scalar where an object is due is not released', '"LEAK"'),
  {
    ...refused('J11', 'arrays of arrays are not released undeclared', ''),
    send: (as) => request('GET /by-id', [bearer(as.stranger)]),
    origin: { raw: answer('{"data":[[{"id":"7","email":"LEAK"}]]}') },
    status: [200],
  },
  {
    ...sealed('J11', 'a map keyed by ids is sealed entry by entry', '', ['KEEP-name-7', 'KEEP-name-8']),
    send: (as) => request('GET /by-id', [bearer(as.stranger)]),
    origin: 'api',
  },
  sealed(
    'J11',
    'an object that stands in another is sealed by its own owner',
    '{"id":"7","friend":{"id":"8","city":"KEEP","email":"LEAK"}}',
    ['KEEP'],
  ),
  sealed('J11', 'an object without its owner is dropped', '{"id":"7","city":"KEEP","friend":{"city":"LEAK"}}', [
    'KEEP',
  ]),
  refused('J11', 'an owner of another type of value is none', '{"id":{"$ne":"7"},"city":"LEAK"}'),
];
