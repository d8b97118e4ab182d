import { bearer, type CorpusCase, rawResponse, request } from '../corpus-case.ts';

interface Sent {
  readonly body: string | Uint8Array;
  /** Default: JSON. */
  readonly type?: string;
  readonly line?: string;
}

const withBody = ({
  body,
  type = 'application/json',
  line = 'GET /users/7',
}: Sent): Pick<CorpusCase, 'send' | 'origin'> => ({
  send: (as) => request(line, [bearer(as.stranger)]),
  origin: { raw: rawResponse(body, type === '' ? [] : [`Content-Type: ${type}`]) },
});

const cut = (
  id: string,
  title: string,
  { keeps, ...sent }: Sent & { readonly keeps: readonly string[] },
): CorpusCase => ({
  id,
  title,
  ...withBody(sent),
  status: [200],
  keeps,
});

const refused = (id: string, title: string, sent: Sent): CorpusCase => ({
  id,
  title: `${title} is not released`,
  ...withBody(sent),
  status: [404, 502],
});

const LEAK = '{"id":"7","email":"LEAK"}';

const J1_TO_J3: readonly CorpusCase[] = [
  refused('J1', 'an object with a repeated key', { body: '{"id":"9","id":"7","email":"LEAK"}' }),
  refused('J1', 'an object with a repeated key in two spellings', {
    body: '{"id":"7","email":1,"em\\u0061il":"LEAK"}',
  }),
  cut('J2', 'a number of 30 digits is released unchanged', {
    body: '{"id":"7","city":123456789012345678901234567890}',
    keeps: ['123456789012345678901234567890'],
  }),
  cut('J2', 'minus zero and trailing zeros are released unchanged', {
    body: '{"id":"7","city":-0,"username":1.10}',
    keeps: ['-0', '1.10'],
  }),
  cut('J2', 'a number beyond the range of doubles is released unchanged', {
    body: '{"id":"7","city":1e400}',
    keeps: ['1e400'],
  }),
  cut('J3', 'an escaped key is compared decoded', {
    body: '{"id":"7","em\\u0061il":"LEAK","c\\u0069ty":"KEEP"}',
    keeps: ['KEEP'],
  }),
  cut('J3', 'a key that only looks like a declared one is undeclared', {
    body: '{"id":"7","Email":"LEAK","email\\u200b":"LEAK","city":"KEEP"}',
    keeps: ['KEEP'],
  }),
  cut('J3', 'lone surrogates and line separators are released unchanged', {
    body: '{"id":"7","city":"KEEP\\ud800\u2028"}',
    keeps: ['KEEP\\ud800'],
  }),
  refused('J3', 'a body that is not UTF-8', {
    body: Buffer.from('{"id":"7","city":"\xff","email":"LEAK"}', 'latin1'),
  }),
  refused('J3', 'UTF-16', { body: Buffer.from(`\ufeff${LEAK}`, 'utf16le') }),
  cut('J3', 'a byte order mark hides no field', {
    body: '\ufeff{"id":"7","city":"KEEP","email":"LEAK"}',
    keeps: ['KEEP'],
  }),
];

const J4_TO_J7: readonly CorpusCase[] = [
  refused('J4', 'a body of 90,000 nested arrays', { body: `${'['.repeat(90_000)}"LEAK"${']'.repeat(90_000)}` }),
  refused('J4', 'a body of 10,000 nested objects', {
    body: `${'{"friend":'.repeat(10_000)}"LEAK"${'}'.repeat(10_000)}`,
  }),
  cut('J4', '9,000 undeclared keys are all dropped', {
    body: `{"id":"7",${Array.from({ length: 9_000 }, (_, index) => `"k${index}":"LEAK"`).join(',')},"city":"KEEP"}`,
    keeps: ['KEEP'],
  }),
  cut('J5', 'names of a prototype are undeclared keys', {
    body: '{"id":"7","__proto__":{"email":"LEAK"},"constructor":"LEAK","toString":"LEAK","city":"KEEP"}',
    keeps: ['KEEP'],
  }),
  refused('J6', 'a body in another charset', { body: LEAK, type: 'application/json; charset=utf-7' }),
  refused('J6', 'a body without a content type', { body: LEAK, type: '' }),
  refused('J6', 'JSON declared as text', { body: LEAK, type: 'text/plain' }),
  cut('J6', 'a vendor’s JSON type is JSON', {
    body: '{"id":"7","city":"KEEP","email":"LEAK"}',
    type: 'application/vnd.corpus+json',
    keeps: ['KEEP'],
  }),
  refused('J7', 'JSON in a function call', { body: `callback(${LEAK})`, type: 'application/javascript' }),
  refused('J7', 'JSON after a prefix', { body: `)]}',\n${LEAK}` }),
  refused('J7', 'JSON in a page', { body: '<script>{"email":"LEAK"}</script>', type: 'text/html' }),
];

const J8: readonly CorpusCase[] = [
  ...['application/x-ndjson', 'application/jsonl'].map((type) =>
    cut('J8', `lines of ${type} are cut one by one`, {
      body: '{"id":"7","city":"KEEP-7","email":"LEAK"}\n{"id":"8","city":"KEEP-8","email":"LEAK"}\n',
      type,
      keeps: ['KEEP-7', 'KEEP-8'],
    }),
  ),
  refused('J8', 'a stream whose first line is no JSON', {
    body: 'LEAK\n{"id":"8","email":"LEAK"}\n',
    type: 'application/x-ndjson',
  }),
  refused('J8', 'a line with two texts', { body: `${LEAK} {"city":"LEAK"}\n`, type: 'application/jsonl' }),
  refused('J8', 'a truncated last line', { body: '{"id":"7","email":"LEAK"', type: 'application/jsonl' }),
  refused('J8', 'a stream of lines declared as one JSON text', { body: '{"id":"7"}\n{"id":"8","email":"LEAK"}' }),
  cut('J8', 'events are cut one by one', {
    body:
      ': LEAK comment\nevent: user\ndata: {"id":"7","city":"KEEP-7",\ndata: "email":"LEAK"}\n\n' +
      'other: LEAK\r\nid: LEAK with spaces\r\ndata:{"id":"8","city":"KEEP-8","email":"LEAK"}\r\n\r\n',
    type: 'text/event-stream',
    keeps: ['KEEP-7', 'KEEP-8'],
  }),
  cut('J8', 'an event without an owner is dropped', {
    body: 'data: {"email":"LEAK"}\n\n',
    type: 'text/event-stream',
    keeps: [],
  }),
  refused('J8', 'an event that is no JSON', { body: 'data: LEAK\n\n', type: 'text/event-stream' }),
  refused('J8', 'a JSON text sequence', { body: `\u001e${LEAK}\n`, type: 'application/json-seq' }),
  refused('J8', 'an undeclared multipart body', {
    body: '--x\r\n\r\n{"email":"LEAK"}\r\n--x--',
    type: 'multipart/mixed; boundary=x',
  }),
];

const J9_TO_J11: readonly CorpusCase[] = [
  ...['text/csv', 'application/xml', 'application/pdf', 'application/x-protobuf', 'application/yaml'].map((type) =>
    refused('J9', type, { body: 'LEAK', type }),
  ),
  cut('J10', 'JSON in a string of an undeclared field is dropped with the field', {
    body: '{"id":"7","payload":"{\\"email\\":\\"LEAK\\"}","city":"KEEP"}',
    keeps: ['KEEP'],
  }),
  refused('J11', 'an array instead of an object', { body: `[${LEAK}]` }),
  refused('J11', 'a scalar instead of an object', { body: '"LEAK"' }),
  cut('J11', 'an undeclared array of arrays is dropped', {
    body: `{"data":[[${LEAK}]]}`,
    line: 'GET /by-id',
    keeps: [],
  }),
  {
    ...cut('J11', 'a map with ids as keys is cut entry by entry', {
      body: '',
      line: 'GET /by-id',
      keeps: ['KEEP-name-7', 'KEEP-name-8'],
    }),
    origin: 'api',
  },
  cut('J11', 'a nested object is judged by its own owner', {
    body: '{"id":"7","friend":{"id":"8","city":"KEEP","email":"LEAK"}}',
    keeps: ['KEEP'],
  }),
  cut('J11', 'a nested object without its owner is dropped', {
    body: '{"id":"7","city":"KEEP","friend":{"city":"LEAK"}}',
    keeps: ['KEEP'],
  }),
  refused('J11', 'an object whose owner is not an id', { body: '{"id":{"$ne":"7"},"city":"LEAK"}' }),
];

export const JSON_BODIES: readonly CorpusCase[] = [...J1_TO_J3, ...J4_TO_J7, ...J8, ...J9_TO_J11];
