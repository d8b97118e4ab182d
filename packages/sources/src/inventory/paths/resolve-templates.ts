import { parametersOf, partsOf, segmentKey, templateText } from '@leakproof/core';
import type { DeclaredPath } from './declared-paths.ts';
import {
  admits,
  claimSegments,
  type ClaimedPattern,
  declaredSegments,
  type DeclaredSegments,
} from './declared-segments.ts';
import { type ParameterEvidence, inferParameters } from './infer-parameters.ts';
import type { PathEnd, PathTreeNode } from './path-tree.ts';
import { isVersionSegment } from './segment-shape.ts';

/** A path parameter: its name, the shapes of its values with counts, and the evidence for it. */
export interface PathParameter {
  readonly name: string;
  readonly shapes: Readonly<Record<string, number>>;
  readonly evidence: readonly ParameterEvidence[];
}

/** A path template with the statistics of its paths. */
export interface Template {
  readonly template: string;
  readonly parameters: readonly PathParameter[];
  readonly declared: readonly DeclaredPath[];
  readonly ends: readonly PathEnd[];
}

interface Step {
  readonly node: PathTreeNode;
  readonly segments: readonly string[];
  readonly parameters: readonly PathParameter[];
  /** Declared paths that may begin with `segments`. */
  readonly declared: readonly DeclaredPath[];
}

/** The path templates of a tree. Declared templates take precedence; paths that contradict them are kept apart. */
export function resolveTemplates(
  root: PathTreeNode,
  declared: readonly DeclaredPath[],
  identifies: (word: string) => boolean,
): readonly Template[] {
  const templates: Template[] = [];
  const open: Step[] = [{ node: root, segments: [], parameters: [], declared }];
  for (let step = open.pop(); step; step = open.pop()) {
    if (step.node.ends.length > 0) templates.push(templateOf(step));
    open.push(...stepsBelow(step, identifies));
  }
  return templates;
}

function templateOf({ node, segments, parameters, declared }: Step): Template {
  const ending = declared.filter((path) => path.template.length === segments.length);
  return { template: `/${segments.join('/')}`, parameters, declared: ending, ends: node.ends };
}

function stepsBelow(step: Step, identifies: (word: string) => boolean): readonly Step[] {
  const index = step.segments.length;
  const here = step.declared.filter(({ template }) => template.length > index);
  const segments = declaredSegments(here, index);
  const claimed = claimSegments(step.node, segments);
  const inferred = inferParameters(claimed.others, {
    index,
    literal: (word) => word === '' || segments.literals.has(word) || isVersionSegment(word, index),
    declared: segments.hasParameter,
    identifies,
  });
  return [
    ...[...claimed.literals, ...inferred.literals].map(([word, node]) =>
      wordStep({ step, here, segments }, word, node),
    ),
    ...claimed.patterns.map((pattern) => patternStep(step, here, pattern)),
    ...inferred.parameters.map((parameter, order) => {
      const declared = order === 0 ? here.filter(({ template }) => isParameterAt(template, index)) : [];
      return parameterStep(step, declared, { ...parameter, stem: order === 0 ? 'id' : 'name' });
    }),
  ];
}

interface Place {
  readonly step: Step;
  readonly here: readonly DeclaredPath[];
  readonly segments: DeclaredSegments;
}

/** A word that is declared as text may be a value of a declared parameter too: `/users/me`, and `/users/{id}/posts`. */
function wordStep({ step, here, segments }: Place, word: string, node: PathTreeNode): Step {
  const index = step.segments.length;
  const declared = segments.literals.has(word) ? here.filter((path) => admits(path, index, word)) : [];
  return { node, segments: [...step.segments, encodeLiteral(word)], parameters: step.parameters, declared };
}

function patternStep(step: Step, here: readonly DeclaredPath[], { segment, node, shapes }: ClaimedPattern): Step {
  const index = step.segments.length;
  let taken = step.parameters;
  const parts = partsOf(segment).map((part) => {
    if ('literal' in part) return part;
    const name = part.parameter !== '' && !isTaken(part.parameter, taken) ? part.parameter : generatedName('id', taken);
    taken = [...taken, { name, shapes: sorted(shapes.get(part.parameter) ?? new Map()), evidence: ['declared'] }];
    return { parameter: name };
  });
  const declared = here.filter(({ template }) => {
    const own = template[index];
    return own && ('parameter' in own || ('pattern' in own && segmentKey(own) === segmentKey(segment)));
  });
  const text = templateText([{ pattern: parts }]).slice(1);
  return { node, segments: [...step.segments, text], parameters: taken, declared };
}

interface FoundParameter {
  readonly node: PathTreeNode;
  readonly evidence: ReadonlySet<ParameterEvidence>;
  readonly stem: 'id' | 'name';
}

function parameterStep(step: Step, declared: readonly DeclaredPath[], { node, evidence, stem }: FoundParameter): Step {
  const name = declaredName(declared, step) ?? sourceName(node, step) ?? generatedName(stem, step.parameters);
  return {
    node,
    segments: [...step.segments, `{${name}}`],
    parameters: [...step.parameters, { name, shapes: sorted(node.shapes), evidence: [...evidence].sort() }],
    declared,
  };
}

function isParameterAt(template: DeclaredPath['template'], index: number): boolean {
  const segment = template[index];
  return segment !== undefined && 'parameter' in segment;
}

/** The first declared name, in the order of the alphabet, that no earlier parameter of the path has. */
function declaredName(
  declared: readonly DeclaredPath[],
  { segments: { length }, parameters }: Step,
): string | undefined {
  return declared
    .flatMap(({ template }) => parametersOf(template.slice(length, length + 1)))
    .filter(Boolean)
    .sort()
    .find((name) => !isTaken(name, parameters));
}

/** The first name, in the order of the alphabet, that a source gives to the parameter and no earlier one has. */
function sourceName({ names }: PathTreeNode, { parameters }: Step): string | undefined {
  return [...names].sort().find((name) => !isTaken(name, parameters));
}

/** `id`, `id2`, …; `name`, `name2`, … for a second parameter at the same place. */
function generatedName(stem: 'id' | 'name', parameters: readonly PathParameter[]): string {
  let name: string = stem;
  for (let count = 2; isTaken(name, parameters); count++) name = `${stem}${count}`;
  return name;
}

function isTaken(name: string, parameters: readonly PathParameter[]): boolean {
  return parameters.some((parameter) => parameter.name === name);
}

function sorted(shapes: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Percent-encodes what would end a segment, and braces, which would read as a parameter. */
function encodeLiteral(word: string): string {
  return encodeURI(word)
    .replaceAll('{', '%7B')
    .replaceAll('}', '%7D')
    .replaceAll('/', '%2F')
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
}
