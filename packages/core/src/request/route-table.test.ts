import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompiledContract, Operation, Server } from '../contract/compiled.ts';
import type { TemplateSegment } from '../wire/path-template.ts';
import { decodeSegment, readTarget } from '../wire/target.ts';
import { matchServer, matchOperation } from './route.ts';

/** What `arrive` and `matchOperation` mean: each door and each template is tried, and the best one is kept. */
function search(contract: CompiledContract, authority: string, target: string, method: string): unknown {
  const read = readTarget(target);
  if (typeof read === 'string') return undefined;
  const path = `/${read.segments.join('/')}`;
  const endpoints = contract.servers.flatMap((server) =>
    (['graphql', 'rest'] as const).flatMap((protocol) => {
      const endpoint = server.endpoints[protocol];
      return endpoint && endpoint.authority === authority ? [{ server, protocol, endpoint }] : [];
    }),
  );
  const [found] = endpoints
    .filter(({ protocol, endpoint }) =>
      protocol === 'graphql' ? path === endpoint.path : endpoint.path === '' || path.startsWith(`${endpoint.path}/`),
    )
    .sort((a, b) => b.endpoint.path.length - a.endpoint.path.length);
  if (!found) return undefined;
  const segments = read.segments.slice(found.endpoint.path === '' ? 0 : found.endpoint.path.split('/').length - 1);
  let best: { operation: Operation; parameters: Record<string, string> } | undefined;
  for (const operation of contract.operations) {
    const { protocol, servers, template } = operation;
    if (protocol !== 'rest' || operation.method !== (method === 'HEAD' ? 'GET' : method) || !template) continue;
    if (servers && !servers.includes(found.server.name)) continue;
    const parameters = bind(template, segments);
    const before = best?.operation.template;
    if (parameters && (!before || isMoreLiteral(template, before))) best = { operation, parameters };
  }
  return { server: found.server, protocol: found.protocol, endpoint: found.endpoint, best };
}

/** Patterns of this test are text, a parameter, text: one expression says what they mean. */
function bind(template: readonly TemplateSegment[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if ('literal' in part && part.literal !== segment) return undefined;
    if ('literal' in part) continue;
    const value = decodeSegment(segment);
    if (!value) return undefined;
    if ('parameter' in part) {
      parameters[part.parameter] = value;
      continue;
    }
    const [before, , after] = part.pattern.map((each) => ('literal' in each ? each.literal : ''));
    const found = new RegExp(`^${before}(.+)${after}$`).exec(value)?.[1];
    if (found === undefined) return undefined;
    parameters['part'] = found;
  }
  return parameters;
}

function isMoreLiteral(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): boolean {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (!other) return false;
    const [rank, otherRank] = [rankOf(part), rankOf(other)];
    if (rank !== otherRank) return rank < otherRank;
  }
  return false;
}

function rankOf(segment: TemplateSegment): string {
  if ('literal' in segment) return '0';
  if ('parameter' in segment) return '2';
  const text = segment.pattern.map((part) => ('literal' in part ? part.literal : '{}')).join('');
  return `1 ${9 - text.length} ${text}`;
}

function lookUp(contract: CompiledContract, authority: string, target: string, method: string): unknown {
  const serverMatch = matchServer(contract, { method, authority, target });
  if ('type' in serverMatch) return undefined;
  const { server, protocol, endpoint } = serverMatch;
  const match = matchOperation(contract, serverMatch, method);
  const best = match && { operation: match.operation, parameters: Object.fromEntries(match.parameters) };
  return { server, protocol, endpoint, best };
}

const authority = fc.constantFrom('a.test', 'b.test');
const method = fc.constantFrom('GET', 'POST', 'HEAD');
const word = fc.constantFrom('x', 'y', 'me', 'xme', 'mexy', 'xyy');
const endpointPath = fc.constantFrom('', '/x', '/x/y', '/y');
const endpoint = fc.record({ scheme: fc.constant('http' as const), authority, path: endpointPath });

const servers: fc.Arbitrary<Server[]> = fc
  .array(
    fc.record({ rest: fc.option(endpoint, { nil: undefined }), graphql: fc.option(endpoint, { nil: undefined }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((all) =>
    all.map(({ rest, graphql }, index) => ({
      name: `s${index}`,
      endpoints: { ...(rest ? { rest } : {}), ...(graphql ? { graphql } : {}) },
      space: 'all',
      authenticatesCaller: false,
    })),
  );

const segment: fc.Arbitrary<TemplateSegment> = fc.oneof(
  word.map((literal) => ({ literal })),
  fc.constantFrom('id', 'of').map((parameter) => ({ parameter })),
  fc
    .tuple(fc.constantFrom('x', 'm', 'me'), fc.constantFrom('y', 'e', 'xy'))
    .map(([before, after]) => ({ pattern: [{ literal: before }, { parameter: 'part' }, { literal: after }] })),
);
const operations: fc.Arbitrary<Operation[]> = fc
  .array(
    fc.record({
      method: fc.constantFrom('GET', 'POST'),
      template: fc.oneof(fc.array(segment, { minLength: 2, maxLength: 2 }), fc.array(segment, { maxLength: 4 })),
      servers: fc.option(fc.constantFrom(['s0'], ['s1', 's2']), { nil: undefined }),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ servers: only, ...rest }, index) => ({
      ...rest,
      ...(only ? { servers: only } : {}),
      name: `o${index}`,
      protocol: 'rest' as const,
      by: [],
      parameters: [],
      returns: { type: 'nothing' as const },
    })),
  );
const path = fc
  .array(fc.oneof({ weight: 5, arbitrary: word }, fc.constantFrom('', '7', 'a%20b', '%ff', 'constructor')), {
    maxLength: 5,
  })
  .map((segments) => `/${segments.join('/')}`);

test('what is looked up is what trying every door and template would find', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.record({ servers, operations }), authority, path, method, (parts, host, target, verb) => {
      const contract = { ...parts } as unknown as CompiledContract;
      const wanted = search(contract, host, target, verb);
      if (wanted) found++;
      expect(lookUp(contract, host, target, verb)).toEqual(wanted);
    }),
    { numRuns: 6_000 },
  );
  expect(found).toBeGreaterThan(300);
});
