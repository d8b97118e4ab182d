import { decodeSegment } from './target.ts';

/** A part of a segment: text, or a parameter that fills at least one character. */
export type TemplatePart = { readonly literal: string } | { readonly parameter: string };

/**
 * One segment of a path template (OpenAPI 3.1 §4.8.8.1 binds no parameter to a whole segment): text, one parameter, or a pattern of
 * both, such as `People('{id}')`. Text is as in the path: percent-encoded.
 */
export type TemplateSegment = TemplatePart | { readonly pattern: readonly TemplatePart[] };

/** Why a path template cannot be read as it is written. `adjacent`: nothing says where one parameter ends and the next begins. */
export interface TemplateFault {
  readonly type: 'adjacent' | 'brace' | 'unnamed';
  readonly segment: string;
}

export interface ParsedTemplate {
  readonly segments: readonly TemplateSegment[];
  /** A brace without its other half is text. */
  readonly faults: readonly TemplateFault[];
}

/** Reads `/users/{id}.json`. After a trailing slash the last segment is empty: `/x/` is not `/x`. Never throws. */
export function parseTemplate(path: string): ParsedTemplate {
  const faults: TemplateFault[] = [];
  const segments = path
    .replace(/^\//, '')
    .split('/')
    .map((segment) => parseSegment(segment, (type) => faults.push({ type, segment })));
  return { segments, faults };
}

function parseSegment(text: string, fault: (type: TemplateFault['type']) => void): TemplateSegment {
  const parts: TemplatePart[] = [];
  for (const piece of text.split(/(\{[^{}]*\})/)) {
    if (piece === '') continue;
    const name = /^\{([^{}]*)\}$/.exec(piece)?.[1];
    if (name === undefined) {
      if (/[{}]/.test(piece)) fault('brace');
      parts.push({ literal: piece });
      continue;
    }
    if (name.trim() === '') fault('unnamed');
    const before = parts.at(-1);
    if (before && 'parameter' in before) fault('adjacent');
    parts.push({ parameter: name });
  }
  const [only, ...more] = parts;
  return only === undefined ? { literal: '' } : more.length === 0 ? only : { pattern: parts };
}

/** The parts of a segment, in order. */
export function partsOf(segment: TemplateSegment): readonly TemplatePart[] {
  return 'pattern' in segment ? segment.pattern : [segment];
}

/** The names of all parameters of a template, in order. */
export function parametersOf(template: readonly TemplateSegment[]): string[] {
  return template.flatMap(partsOf).flatMap((part) => ('parameter' in part ? [part.parameter] : []));
}

/** The template with a value for each parameter, percent-encoded already: `/users/7.json`. */
export function fillTemplate(template: readonly TemplateSegment[], valueOf: (parameter: string) => string): string {
  const segments = template.map((segment) =>
    partsOf(segment)
      .map((part) => ('literal' in part ? part.literal : valueOf(part.parameter)))
      .join(''),
  );
  return `/${segments.join('/')}`;
}

/** The template as it is written. */
export function templateText(template: readonly TemplateSegment[]): string {
  return fillTemplate(template, (parameter) => `{${parameter}}`);
}

/** What a template means, whatever its parameters are named: equal for templates that match the same paths. */
export function templateKey(template: readonly TemplateSegment[]): string {
  return template.map((segment) => `/${segmentKey(segment)}`).join('');
}

/** The same of one segment. Braces and slashes that are text are escaped. */
export function segmentKey(segment: TemplateSegment): string {
  return partsOf(segment)
    .map((part) => ('literal' in part ? literalKey(part.literal) : '{}'))
    .join('');
}

function literalKey(literal: string): string {
  return (decodeSegment(literal) ?? literal).replaceAll(/[{}/%]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
