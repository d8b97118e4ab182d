/** A request as the arguments of a curl command describe it. */
export interface CurlRequest {
  url: string | undefined;
  method: string | undefined;
  readonly headers: [string, string][];
  readonly data: string[];
  /** `--json`: data with JSON headers. */
  json: boolean;
  /** `-G`: the data is added to the query. */
  get: boolean;
  head: boolean;
  user: string | undefined;
  /** `-F`, or data from a file: the request has a body that is not in the command. */
  bodyElsewhere: boolean;
  /** Unknown arguments, by name only. */
  readonly unknown: string[];
}

/** Options by effect; a `skip` option has a value that does not change the request. */
const OPTIONS = {
  flag: `compressed insecure location location-trusted silent show-error verbose include fail fail-with-body globoff http1 http1.0
    http1.1 http2 http2-prior-knowledge http3 basic no-buffer path-as-is tlsv1 tlsv1.2 tlsv1.3 ipv4 ipv6 remote-name raw
    tcp-nodelay post301 post302 post303 -k -L -s -S -v -i -f -g -N -0 -1 -2 -3 -4 -6 -O -J -q -j -#`,
  skip: `output max-time connect-timeout retry retry-delay write-out proxy cacert cert key resolve connect-to cookie-jar
    max-redirs dump-header interface ciphers limit-rate range -o -m -w -x -E -c -D -r -K -y -Y -z`,
  url: 'url',
  method: 'request -X',
  header: 'header -H',
  data: 'data data-raw data-binary data-ascii -d',
  encoded: 'data-urlencode',
  json: 'json',
  get: 'get -G',
  head: 'head -I',
  user: 'user -u',
  cookie: 'cookie -b',
  agent: 'user-agent -A',
  referer: 'referer -e',
  form: 'form form-string upload-file -F -T',
  bearer: 'oauth2-bearer',
} as const;

type Effect = keyof typeof OPTIONS;

/** By long name, or by dash and letter. */
const EFFECT_OF: ReadonlyMap<string, Effect> = new Map(
  Object.entries(OPTIONS).flatMap(([effect, names]) =>
    names.split(/\s+/).map((name) => [name, effect as Effect] as const),
  ),
);

const VALUELESS: ReadonlySet<Effect> = new Set<Effect>(['flag', 'get', 'head']);

/** `words`: without the leading `curl`. */
export function readArguments(words: readonly string[]): CurlRequest {
  const request: CurlRequest = {
    url: undefined,
    method: undefined,
    headers: [],
    data: [],
    json: false,
    get: false,
    head: false,
    user: undefined,
    bodyElsewhere: false,
    unknown: [],
  };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word.startsWith('--') && word.length > 2) {
      const [name, attached] = splitAt(word.slice(2), '=');
      const effect = EFFECT_OF.get(name) ?? (name.startsWith('no-') ? 'flag' : undefined);
      if (effect === undefined) request.unknown.push(`--${name}`);
      else apply(request, effect, { name, value: VALUELESS.has(effect) ? '' : (attached ?? queue.shift() ?? '') });
    } else if (word.startsWith('-') && word.length > 1) readShort(request, word.slice(1), queue);
    else if (word.trim() !== '') apply(request, 'url', { name: '', value: word });
  }
  return request;
}

/** `-sSLXPOST`: flags may be combined; the rest of the word is the value of the first option that has one. */
function readShort(request: CurlRequest, letters: string, queue: string[]): void {
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? '';
    const effect = EFFECT_OF.get(`-${letter}`);
    if (effect === undefined) {
      request.unknown.push(`-${letter}`);
      return;
    }
    if (VALUELESS.has(effect)) {
      apply(request, effect, { name: letter, value: '' });
      continue;
    }
    const rest = letters.slice(at + 1);
    apply(request, effect, { name: letter, value: rest === '' ? (queue.shift() ?? '') : rest });
    return;
  }
}

interface Option {
  readonly name: string;
  readonly value: string;
}

function apply(request: CurlRequest, effect: Effect, { name, value }: Option): void {
  switch (effect) {
    case 'url':
      if (request.url === undefined) request.url = value;
      else request.unknown.push('second URL');
      return;
    case 'method':
      request.method = value;
      return;
    case 'header':
      addHeader(request, value);
      return;
    case 'data':
    case 'json':
      if (effect === 'json') request.json = true;
      if (value.startsWith('@') && name !== 'data-raw') request.bodyElsewhere = true;
      else request.data.push(value);
      return;
    case 'encoded':
      request.data.push(urlEncoded(value));
      return;
    case 'get':
      request.get = true;
      return;
    case 'head':
      request.head = true;
      return;
    case 'user':
      request.user = value;
      return;
    case 'cookie':
      if (value.includes('=')) request.headers.push(['cookie', value]);
      else request.unknown.push('cookie file');
      return;
    case 'agent':
      request.headers.push(['user-agent', value]);
      return;
    case 'referer':
      request.headers.push(['referer', value]);
      return;
    case 'bearer':
      request.headers.push(['authorization', `Bearer ${value}`]);
      return;
    case 'form':
      request.bodyElsewhere = true;
      return;
    case 'flag':
    case 'skip':
  }
}

/** `Name: value`; `Name;` sends an empty value, `Name:` removes the header. */
function addHeader(request: CurlRequest, line: string): void {
  const [name, value] = splitAt(line, ':');
  if (value !== undefined && value.trim() !== '') request.headers.push([name.trim().toLowerCase(), value.trim()]);
  else if (value === undefined && name.endsWith(';'))
    request.headers.push([name.slice(0, -1).trim().toLowerCase(), '']);
  else if (value === undefined) request.unknown.push('header');
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** `--data-urlencode`: `content`, `=content` or `name=content`. */
function urlEncoded(value: string): string {
  const [name, content] = splitAt(value, '=');
  const encoded = encodeURIComponent((content ?? name).toWellFormed());
  return content === undefined || name === '' ? encoded : `${name}=${encoded}`;
}
