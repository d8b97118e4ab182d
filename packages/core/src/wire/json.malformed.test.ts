import fc from 'fast-check';
import { test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzzing, mutated, onlyCoded } from '../testing/fuzz.ts';
import { decodeUtf8, readJson, valueOf } from './json.ts';

const TEXTS = [
  '{"id":"7","a":[1,2.5e-3,{"b":null}],"c":"\\u0041\\n"}',
  '[[[[]]]]',
  '"\\ud83d\\ude00"',
  '-0.0e+0',
  'true',
];
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\u00',
  '0',
  '-',
  '.',
  'e',
  'null',
  '"a":',
  '\u0000',
  '\ud800',
  '\u2028',
  ' ',
  '\n',
  '[[[',
  '{"a":{',
];

test('whatever is made of a JSON text, it is read or refused with a code', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(mutated(TEXTS, WORDS), (text) =>
      onlyCoded(() => {
        const json = readJson(text);
        valueOf(json, json.root);
      }),
    ),
    fuzzing(),
  );
});

test('whatever bytes arrive, they are read or refused with a code', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => onlyCoded(() => readJson(decodeUtf8(bytes)))),
    fuzzing(),
  );
});
