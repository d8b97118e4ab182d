import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contractFrom } from '../../core/src/testing/contract-from.ts';
import { ANONYMOUS, NOTHING_KNOWN } from '@leakproof/core';
import { cutOutcome, split } from './testing/outcomes.ts';
import type { Framing } from './documents.ts';

const encoder = new TextEncoder();
const CONTRACT = contractFrom(`
resources: { User: { owner: id, see: anyone, fields: { id: anyone, name: anyone, weight: self } } }
operations: { GET /users: { by: anyone, returns: [ User ] } }
`);
const shape = CONTRACT.operations[0]?.returns ?? { type: 'nothing' };
const plan = { expected: { shape, space: 'one' }, principal: ANONYMOUS, mode: 'enforce' } as const;

function cut(framing: Framing, text: string, indexes: readonly number[] = []) {
  return cutOutcome({ contract: CONTRACT, plan, known: NOTHING_KNOWN }, split(encoder.encode(text), indexes), {
    framing,
  });
}

const USER = '{"id":8,"weight":5}';

describe('NDJSON', () => {
  test.each([
    [`${USER}\n${USER}\n`, '{"id":8}\n{"id":8}\n'],
    [`${USER}\n${USER}`, '{"id":8}\n{"id":8}'],
    [` ${USER} \r\n`, ' {"id":8} \r\n'],
    [`\n\n${USER}\n\n`, '\n\n{"id":8}\n\n'],
    [`{"id":null}\n${USER}\n7\n`, '{"id":8}\n'],
    ['\ufeff{"id":1}\n', '{"id":1}\n'],
    ['', ''],
  ])('%j is released as %j, line by line', (text, released) => {
    expect(cut('ndjson', text)).toMatchObject({ type: 'body', text: released });
  });

  test.each([`${USER}\n{"id":\n8}\n`, `${USER} ${USER}\n`, `${USER}\nx\n`, '"a\nb"\n'])('%j is refused', (text) => {
    expect(cut('ndjson', text)).toMatchObject({ type: 'unreadable' });
  });
});

describe('an event stream', () => {
  test.each([
    [`data: ${USER}\n\n`, 'data: {"id":8}\n\n'],
    [`data:${USER}\r\n\r\ndata: {"id":9}\r\r`, 'data: {"id":8}\n\ndata: {"id":9}\n\n'],
    [`event: weight-of-7-is-82kg\nid: seven\nretry: 300\ndata: ${USER}\n\n`, 'retry: 300\ndata: {"id":8}\n\n'],
    ['event: weight-of-7-is-82kg\nid: 82\n\n', ''],
    ['retry: 82kg\ndata: {"id":1}\n\n', 'data: {"id":1}\n\n'],
    ['data: {"id":8,\ndata: "weight":5}\n\n', 'data: {"id":8}\n\n'],
    ['event: one@example.org\ndata: {"id":1}\n\n', 'data: {"id":1}\n\n'],
    ['id: 3\ndata: {"id":null}\n\n', ''],
    [': hello someone\n\n', ':\n\n'],
    ['retry: 100\n\n', 'retry: 100\n\n'],
    [`data: ${USER}\n`, ''],
  ])('%j is released as %j, event by event', (text, released) => {
    expect(cut('sse', text)).toMatchObject({ type: 'body', text: released });
  });

  test('with data that is not JSON is refused', () => {
    expect(cut('sse', `data: ${USER}\n\ndata: [DONE]\n\n`)).toMatchObject({ type: 'unreadable' });
  });
});

test.each(['ndjson', 'sse'] as const)('%s has the same result however it is split', (framing) => {
  const text =
    framing === 'ndjson'
      ? ` ${USER}\n\n{"id":"ä\\u0041","name":"🚲"}\r\n{"id":null}\n17\n${USER}`
      : `\ufeffdata: ${USER}\r\n\r\nevent: a\ndata: {"id":\ndata: "ä"}\n\n: c\n\ndata: {"id":null}\n\n`;
  const whole = cut(framing, text);
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 20 }), (at) => {
      const { text: released, facts } = cut(framing, text, at);
      expect({ released, facts }).toEqual({ released: whole.text, facts: whole.facts });
    }),
  );
});
