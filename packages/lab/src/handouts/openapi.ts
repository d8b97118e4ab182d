import { routeOf } from '../rest/route.ts';
import { hostOf } from '../surface/hosts.ts';
import type { RecordedExchange } from './exchange.ts';

/** Left out on purpose: the operations of the incident, and forgotten ones. */
const UNDOCUMENTED = /^\/(stats|v1|admin)\//;

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/**
 * An OpenAPI 3.1 description with the schemas of the recorded responses. Incomplete on purpose: no `/stats/*`, no older version, no
 * admin operations, and one of the two GraphQL gateways.
 */
export function writeOpenApi(exchanges: readonly RecordedExchange[]): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { protocol, method, path, status, responseBody, responseHeaders, caller } of exchanges) {
    const isJson = responseHeaders['content-type']?.includes('json') ?? false;
    if (protocol !== 'rest' || status !== 200 || !isJson || UNDOCUMENTED.test(path)) continue;
    const { pathname, searchParams } = new URL(path, 'http://lab.test');
    const route = routeOf(method, pathname);
    const template = route?.operation.name.split(' ')[1];
    if (route === undefined || template === undefined) continue;
    const operations = (paths[template] ??= {});
    operations[method.toLowerCase()] ??= {
      operationId: `${method.toLowerCase()}${template.replaceAll(/[^a-zA-Z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
      parameters: [
        ...Object.keys(route.path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...[...searchParams.keys()].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
      ],
      security: caller === undefined ? [] : [{ member: [] }],
      responses: {
        '200': { description: 'OK', content: { 'application/json': { schema: schemaOf(JSON.parse(responseBody)) } } },
      },
    };
  }
  const description = {
    openapi: '3.1.0',
    info: { title: 'Cadence', version: '3.1.0' },
    servers: [{ url: `http://${hostOf('us', 'rest')}` }, { url: `http://${hostOf('uk', 'rest')}` }],
    paths: { ...paths, '/graphql': GATEWAY },
    components: { securitySchemes: { member: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
  return `${JSON.stringify(description, null, 1)}\n`;
}

const GATEWAY = {
  servers: [{ url: `http://${hostOf('us', 'graphql')}` }],
  post: {
    operationId: 'postGraphql',
    security: [{ member: [] }],
    requestBody: {
      content: { 'application/json': { schema: { type: 'object', properties: { query: { type: 'string' } } } } },
    },
    responses: { '200': { description: 'OK' } },
  },
};

/** The schema of one value; a list has the schema of its first element. */
function schemaOf(value: unknown): JsonSchema {
  if (value === null) return {};
  if (Array.isArray(value)) return { type: 'array', items: value.length === 0 ? {} : schemaOf(value[0]) };
  if (typeof value === 'object') {
    const properties = Object.entries(value).map(([name, each]) => [name, schemaOf(each)] as const);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}
