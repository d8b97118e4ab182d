import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld } from '../testing/arbitrary-world.test-kit.ts';
import { readJson } from '../wire/json.ts';
import {
  type AccessRecord,
  decodeRecord,
  encodeRecord,
  type LogRecord,
  writtenFacts,
  writtenPrincipal,
} from './fact-block.ts';
import { ANONYMOUS, type OwnerRef } from './principal.ts';
import { seal } from './seal.ts';

const tokenize = ({ kind }: OwnerRef): string => `token-of-${kind}`;

describe('a record', () => {
  test('is read as it was written, whatever the facts', () =>
    fc.assert(
      fc.property(arbitraryWorld(), ({ contract, expected, text, principal, known }) => {
        const sealed = seal(contract, readJson(text), { expected, principal, known, mode: 'enforce', final: true });
        const facts = sealed.is === 'ask' ? [] : sealed.facts;
        const record: AccessRecord = {
          is: 'access',
          time: 1,
          request: 'r1',
          server: 'one',
          operation: 'GET /',
          principal: writtenPrincipal(principal, tokenize),
          contract: 'c',
          mode: 'enforce',
          facts: writtenFacts(facts, tokenize),
        };
        expect(decodeRecord(encodeRecord(record))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    ));

  test('holds no id of an owner or principal', () => {
    const owner = { kind: 'person', space: 'us', id: 'SECRET-7' };
    const fact = {
      owner,
      role: undefined,
      about: false,
      resource: 'User',
      relations: ['anyone'],
      states: [],
      seen: ['id'],
      exposed: [],
      withheld: [],
    };
    const principal = writtenPrincipal(
      { kind: 'member', id: 'SECRET-9', ids: 'person', space: 'us', claims: { mail: 'SECRET' } },
      tokenize,
    );
    const written = JSON.stringify([writtenFacts([fact], tokenize), principal]);
    expect(written).not.toContain('SECRET');
    expect(written).toContain('token-of-person');
    expect(writtenPrincipal(ANONYMOUS, tokenize)).toEqual({ kind: 'anonymous' });
  });

  test.each<LogRecord>([
    { is: 'end', time: 1, request: 'r', ended: 'cut-off' },
    {
      is: 'refusal',
      time: 1,
      request: 'r',
      server: 'one',
      operation: 'GET /',
      principal: { kind: 'anonymous' },
      code: 'LP-CALLER-UNKNOWN',
    },
    { is: 'gap', time: 1, request: 'r', code: 'LP-JSON-INVALID' },
  ])('of kind $is is read as it was written', (record) => expect(decodeRecord(encodeRecord(record))).toEqual(record));

  test.each([
    'null',
    '1',
    '[]',
    '{}',
    '{"is":"other"}',
    '{"is":["access"]}',
    '{"is":"toString"}',
    'no json',
    '{"is":',
    '\u0000',
  ])('that is %s is refused with a code', (text) =>
    expect(() => decodeRecord(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'LP-RECORD-INVALID' }),
    ),
  );
});
