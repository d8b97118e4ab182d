import type { RecordedExchange } from './exchange.ts';

const pairs = (headers: Readonly<Record<string, string>>): { name: string; value: string }[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

/** An HTTP Archive (HAR 1.2) of the traffic of one app. */
export function writeHar(exchanges: readonly RecordedExchange[]): string {
  const entries = exchanges.map((each) => {
    const { host, path, requestBody, responseBody, responseHeaders } = each;
    const url = new URL(path, `http://${host}`);
    const type = responseHeaders['content-type'] ?? '';
    return {
      startedDateTime: new Date(each.startedMs).toISOString(),
      time: each.tookMs,
      request: {
        method: each.method,
        url: url.href,
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: pairs(each.requestHeaders),
        queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
        ...(requestBody === undefined ? {} : { postData: { mimeType: 'application/json', text: requestBody } }),
        headersSize: -1,
        bodySize: Buffer.byteLength(requestBody ?? ''),
      },
      response: {
        status: each.status,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: pairs(responseHeaders),
        content: { size: Buffer.byteLength(responseBody), mimeType: type, text: responseBody },
        redirectURL: '',
        headersSize: -1,
        bodySize: Buffer.byteLength(responseBody),
      },
      cache: {},
      timings: { send: 0, wait: each.tookMs, receive: 0 },
    };
  });
  const log = { version: '1.2', creator: { name: 'Cadence lab', version: '1' }, entries };
  return `${JSON.stringify({ log }, null, 1)}\n`;
}
