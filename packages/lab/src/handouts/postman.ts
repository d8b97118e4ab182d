import type { RecordedExchange } from './exchange.ts';

/** A Postman collection (v2.1) of every request once, in one folder for each host. */
export function writePostman(exchanges: readonly RecordedExchange[]): string {
  const folders = new Map<string, Map<string, unknown>>();
  for (const each of exchanges) {
    const folder = folders.get(each.host) ?? new Map<string, unknown>();
    folders.set(each.host, folder);
    const name = `${each.method} ${each.path}`;
    if (!folder.has(name)) folder.set(name, { name, request: requestOf(each) });
  }
  const collection = {
    info: {
      name: 'Cadence',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: [{ key: 'token', value: '' }],
    item: [...folders].map(([host, items]) => ({ name: host, item: [...items.values()] })),
  };
  return `${JSON.stringify(collection, null, 1)}\n`;
}

function requestOf({ method, host, path, requestBody, requestHeaders }: RecordedExchange): unknown {
  const { pathname, searchParams } = new URL(path, `http://${host}`);
  const header =
    requestHeaders['authorization'] === undefined ? [] : [{ key: 'Authorization', value: 'Bearer {{token}}' }];
  return {
    method,
    header,
    url: {
      raw: `http://${host}${path}`,
      protocol: 'http',
      host: host.split('.'),
      path: pathname.split('/').slice(1),
      query: [...searchParams].map(([key, value]) => ({ key, value })),
    },
    ...(requestBody === undefined
      ? {}
      : { body: { mode: 'raw', raw: requestBody, options: { raw: { language: 'json' } } } }),
  };
}
