import { type DeclaredPath, isParameter } from './declared-paths.ts';
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
  /** Declared paths that begin with `segments`. */
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
  const ending = declared.filter((path) => path.segments.length === segments.length);
  return { template: `/${segments.join('/')}`, parameters, declared: ending, ends: node.ends };
}

function stepsBelow(step: Step, identifies: (word: string) => boolean): readonly Step[] {
  const index = step.segments.length;
  const here = step.declared.filter(({ segments }) => segments.length > index);
  const literals = new Set(
    here.flatMap(({ segments }) => (isParameter(segments[index] ?? '') ? [] : [segments[index]])),
  );
  const parameters = here.filter(({ segments }) => isParameter(segments[index] ?? ''));
  const inferred = inferParameters(step.node, {
    index,
    literal: (word) => literals.has(word) || isVersionSegment(word, index),
    declared: parameters.length > 0,
    identifies,
  });
  const words = [...inferred.literals].map(([word, node]) => ({
    node,
    segments: [...step.segments, encodeLiteral(word)],
    parameters: step.parameters,
    declared: here.filter(({ segments }) => segments[index] === word),
  }));
  const parameterSteps = inferred.parameters.map(({ node, evidence }, order) => {
    const declaredHere = order === 0 ? parameters : [];
    const name =
      declaredName(declaredHere, step) ?? sourceName(node, step) ?? generatedName(order === 0 ? 'id' : 'name', step);
    const shapes = Object.fromEntries([...node.shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      node,
      segments: [...step.segments, `{${name}}`],
      parameters: [...step.parameters, { name, shapes, evidence: [...evidence].sort() }],
      declared: declaredHere,
    };
  });
  return [...words, ...parameterSteps];
}

/** The first declared name, in the order of the alphabet, that no earlier parameter of the path has. */
function declaredName(
  declared: readonly DeclaredPath[],
  { segments: { length }, parameters }: Step,
): string | undefined {
  return declared
    .map(({ segments }) => /\{([^}]+)\}/.exec(segments[length] ?? '')?.[1] ?? '')
    .filter(Boolean)
    .sort()
    .find((name) => !isTaken(name, parameters));
}

/** The first name, in the order of the alphabet, that a source gives to the parameter and no earlier one has. */
function sourceName({ names }: PathTreeNode, { parameters }: Step): string | undefined {
  return [...names].sort().find((name) => !isTaken(name, parameters));
}

/** `id`, `id2`, …; `name`, `name2`, … for a second parameter at the same place. */
function generatedName(stem: 'id' | 'name', { parameters }: Step): string {
  let name: string = stem;
  for (let count = 2; isTaken(name, parameters); count++) name = `${stem}${count}`;
  return name;
}

function isTaken(name: string, parameters: readonly PathParameter[]): boolean {
  return parameters.some((parameter) => parameter.name === name);
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
