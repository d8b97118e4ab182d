import type { Exchange, Headers } from '@leakproof/core';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { fromText } from '../../reading/bytes/text-body.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';
import { collectExchanges, type RejectPart } from '../../reading/exchange-collector.ts';
import { composeExchange, type SourceContext } from '../../reading/exchange-parts.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { readArguments, type CurlRequest } from './arguments.ts';
import { shellOf, shellWords } from './shell-words.ts';

const MAX_COMMAND_BYTES = 16 * 1_048_576;

/** One or more curl commands as browsers copy them, for bash, cmd or PowerShell. */
export const curl: Reader = {
  id: 'curl',
  title: 'curl command',
  extensions: ['.sh', '.txt', '.curl'],
  yields: 'exchanges',
  recognises: (head) => (/^\s*(?:#[^\n]*\n\s*|\$ )*curl(?:\.exe)?\s/.test(headText(head)) ? 0.9 : 0),
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('curl', input, options);
  const text = await wholeText(input, MAX_COMMAND_BYTES);
  const commands = text === undefined ? [] : splitCommands(text);
  if (commands.length === 0) collector.add(text === undefined ? 'document-too-large' : 'wrong-document', 'command 1');
  for (const [index, command] of commands.entries()) {
    const at = `command ${index + 1}`;
    const context = { source: collector.source, rejectPart: collector.rejectPartAt(at) };
    collector.add(readCommand(command, at, context), at);
  }
  yield collector.finish();
}

/** A command begins with `curl` at the start of a line, which in copied commands is never inside quotes. */
function splitCommands(text: string): string[] {
  return text
    .split(/(?:^|\r?\n|[;&]\s*)\s*(?:\$ )?(?=curl(?:\.exe)?\s)/)
    .map((command) => command.replace(/\s*[;&]+\s*$/, ''))
    .filter((command) => /^curl(?:\.exe)?\s/.test(command));
}

interface CommandContext {
  readonly source: SourceContext;
  readonly rejectPart: RejectPart;
}

function readCommand(command: string, at: string, { source, rejectPart }: CommandContext): Exchange | RejectCode {
  const words = shellWords(command, shellOf(command));
  if (words === undefined) return 'quote-open';
  const end = words.indexOf('\n');
  const request = readArguments(words.slice(1, end < 0 ? undefined : end));
  if (end >= 0) rejectPart('argument-unknown');
  if (request.unknown.length > 0) rejectPart('argument-unknown', request.unknown.length);
  if (request.bodyElsewhere) rejectPart('body-absent');
  if (request.url === undefined) return 'url-invalid';
  const data = request.data.length === 0 ? undefined : request.data.join(request.json ? '' : '&');
  const body = data === undefined || request.get ? undefined : fromText(data);
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.url) ? request.url : `http://${request.url}`;
  return composeExchange(
    {
      method: methodOf(request),
      url: request.get && data !== undefined ? withQuery(url, data) : url,
      headers: headersOf(request, body !== undefined),
      ...(body === undefined ? {} : { body }),
      at,
    },
    source,
  );
}

function methodOf({ method, head, get, data, bodyElsewhere }: CurlRequest): string {
  if (method !== undefined) return method;
  if (head) return 'HEAD';
  return !get && (data.length > 0 || bodyElsewhere) ? 'POST' : 'GET';
}

function withQuery(url: string, data: string): string {
  const [before = '', fragment] = url.split('#', 2);
  const joined = `${before}${before.includes('?') ? '&' : '?'}${data}`;
  return fragment === undefined ? joined : `${joined}#${fragment}`;
}

/** The headers of the command, and those that curl adds for a body or a user if they are missing. */
function headersOf({ headers, json, user }: CurlRequest, hasBody: boolean): Headers {
  const added: [string, string][] = [];
  const has = (name: string): boolean => headers.some((header) => header[0] === name);
  if (user !== undefined && !has('authorization')) {
    added.push(['authorization', `Basic ${Buffer.from(user.includes(':') ? user : `${user}:`).toString('base64')}`]);
  }
  if (hasBody && !has('content-type'))
    added.push(['content-type', json ? 'application/json' : 'application/x-www-form-urlencoded']);
  if (json && !has('accept')) added.push(['accept', 'application/json']);
  return [...headers, ...added];
}
