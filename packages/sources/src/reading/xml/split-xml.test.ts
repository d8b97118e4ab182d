import fc from 'fast-check';
import { expect, test } from 'vitest';
import { XmlElementSplitter } from './split-xml.ts';

function split(text: string, pieceBytes: number, maxBytes = 1e6): { elements: (string | undefined)[]; torn: boolean } {
  const elements: (string | undefined)[] = [];
  const splitter = new XmlElementSplitter('item', maxBytes, (element) => elements.push(element?.toString()));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) splitter.push(bytes.subarray(at, at + pieceBytes));
  return { elements, torn: splitter.end() };
}

test('an end tag inside CDATA does not end an item', () => {
  const item = '<item a="1"><x><![CDATA[</item><item>]]></x></item>';
  expect(split(`<items>${item}<itemless/>${item}</items>`, 5)).toEqual({ elements: [item, item], torn: false });
});

test('an item larger than the limit is counted, and those after it are read', () => {
  const { elements } = split(`<item>${'<a/>'.repeat(100)}</item><item>b</item>`, 16, 64);
  expect(elements).toEqual([undefined, '<item>b</item>']);
});

test('items are found complete, whatever pieces the bytes come in', () => {
  const inside = fc.array(fc.constantFrom('<b>', '</b>', '<![CDATA[', ']]>', '<', '</item', 'text', ' ', 'ü'), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(inside, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (bodies, pieceBytes) => {
      const text = bodies.map((body) => `<item>${body.join('')}</item>`).join('\n');
      expect(split(text, pieceBytes)).toEqual(split(text, 1e6));
    }),
  );
});
