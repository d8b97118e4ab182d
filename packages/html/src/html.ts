import { escapeXml } from './escape-xml.ts';

/** Markup that is safe in a page. Only `html` makes it. */
class SafeHtml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Html = SafeHtml;

/** What a template takes: text and numbers are escaped; nothing is left out; lists are joined. */
export type Part = string | number | Html | undefined | false | readonly Part[];

/** A template in which every value is escaped, but for other templates. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new SafeHtml(strings.map((text, at) => text + (at < parts.length ? textOf(parts[at]) : '')).join(''));
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof SafeHtml) return part.text;
  return typeof part === 'string' || typeof part === 'number' ? escapeXml(String(part)) : part.map(textOf).join('');
}
