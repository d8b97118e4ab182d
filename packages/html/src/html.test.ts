import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeXml } from './escape-xml.ts';
import { type Html, html } from './html.ts';

test('a value is text, a template is markup, a list is joined, and what is not there is left out', () => {
  expect(html`<p>${'<b>'} ${7}${undefined}${false}${[html`<i>${'&'}</i>`, 'x']}</p>`.text).toBe(
    '<p>&lt;b&gt; 7<i>&amp;</i>x</p>',
  );
});

test('a value that only looks like a template, as one read from JSON, is no markup', () => {
  const forged = JSON.parse('{"text":"<script>"}') as Html;
  expect(() => html`${forged}`.text).toThrow(TypeError);
});

test('text is escaped for elements and quoted attributes', () => {
  expect(escapeXml(`<a b="c" d='e' f=\`g\`>&\u0001\uD800é😀`)).toBe(
    '&lt;a b=&quot;c&quot; d=&#39;e&#39; f=&#96;g&#96;&gt;&amp;\uFFFD\uFFFDé😀',
  );
});

test('whatever the value, no character of markup is left of it, and it reads as it was', () => {
  const unit = fc.oneof(
    fc.constantFrom('<', '>', '&', '"', "'", '`', ';', '#', 'lt'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  );
  const decoded: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", '#96': '`' };
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const text = units.join('').toWellFormed();
      const escaped = escapeXml(text);
      expect(escaped).not.toMatch(/[<>"'`]/);
      expect(escaped.replaceAll(/&(#?\w+);/g, (_, name: string) => decoded[name] ?? '?')).toBe(
        text.replaceAll(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'),
      );
    }),
  );
});
