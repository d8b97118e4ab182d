import { type DeclaredPath, isParameter } from './declared-paths.ts';
import { type Evidence, groupWords } from './group-words.ts';
import type { Behaviour, PathTreeNode } from './path-place.ts';
import { isVersionSegment } from './segment-shape.ts';

/** A parameter of a path: its name, the shapes of its values with counts, and why it is one. */
export interface PathParameter {
  readonly name: string;
  readonly shapes: Readonly<Record<string, number>>;
  readonly evidence: readonly Evidence[];
}

/** A path template and all that ended there. */
export interface Template {
  readonly template: string;
  readonly parameters: readonly PathParameter[];
  readonly declared: readonly DeclaredPath[];
  readonly ends: readonly Behaviour[];
}

interface Step {
  readonly place: PathTreeNode;
  readonly segments: readonly string[];
  readonly parameters: readonly PathParameter[];
  /** Declared paths that agree with `segments` so far. */
  readonly declared: readonly DeclaredPath[];
}

/** Path templates out of all places. Declared templates win; what contradicts them is kept apart. */
export function resolveTemplates(
  root: PathTreeNode,
  declared: readonly DeclaredPath[],
  identifies: (word: string) => boolean,
): readonly Template[] {
  const templates: Template[] = [];
  const open: Step[] = [{ place: root, segments: [], parameters: [], declared }];
  for (let step = open.pop(); step; step = open.pop()) {
    if (step.place.ends.length > 0) templates.push(templateOf(step));
    open.push(...stepsBelow(step, identifies));
  }
  return templates;
}

function templateOf({ place, segments, parameters, declared }: Step): Template {
  const ending = declared.filter((path) => path.segments.length === segments.length);
  return { template: `/${segments.join('/')}`, parameters, declared: ending, ends: place.ends };
}

function stepsBelow(step: Step, identifies: (word: string) => boolean): readonly Step[] {
  const index = step.segments.length;
  const here = step.declared.filter(({ segments }) => segments.length > index);
  const literals = new Set(
    here.flatMap(({ segments }) => (isParameter(segments[index] ?? '') ? [] : [segments[index]])),
  );
  const parameters = here.filter(({ segments }) => isParameter(segments[index] ?? ''));
  const grouping = groupWords(step.place, {
    index,
    literal: (word) => literals.has(word) || isVersionSegment(word, index),
    declared: parameters.length > 0,
    identifies,
  });
  const words = [...grouping.literals].map(([word, place]) => ({
    place,
    segments: [...step.segments, encodeLiteral(word)],
    parameters: step.parameters,
    declared: here.filter(({ segments }) => segments[index] === word),
  }));
  const groups = grouping.groups.map(({ place, evidence }, order) => {
    const name = nameOf(order === 0 ? parameters : [], index, step.parameters, order);
    const shapes = Object.fromEntries([...place.shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      place,
      segments: [...step.segments, `{${name}}`],
      parameters: [...step.parameters, { name, shapes, evidence: [...evidence].sort() }],
      declared: order === 0 ? parameters : [],
    };
  });
  return [...words, ...groups];
}

/** The declared name if there is one, else `id`, `id2`, …; a second parameter in the same place is `name`. */
function nameOf(
  declared: readonly DeclaredPath[],
  index: number,
  before: readonly PathParameter[],
  order: number,
): string {
  const names = declared.map(({ segments }) => /\{([^}]+)\}/.exec(segments[index] ?? '')?.[1] ?? '').filter(Boolean);
  const taken = new Set(before.map(({ name }) => name));
  const said = names.sort().find((name) => !taken.has(name));
  if (said) return said;
  const stem = order === 0 ? 'id' : 'name';
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem}${count}`;
  return name;
}

/** Braces in a literal segment would read as a parameter. */
function encodeLiteral(word: string): string {
  return encodeURI(word)
    .replaceAll('{', '%7B')
    .replaceAll('}', '%7D')
    .replaceAll('/', '%2F')
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
}
