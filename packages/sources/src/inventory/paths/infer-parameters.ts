import { compareText } from '../stats/counted.ts';
import { endsBelow, type PathTreeNode, unionOf } from './path-tree.ts';
import {
  answersSubsetOf,
  compareResponseProfiles,
  failsWithin,
  hasSucceeded,
  responseProfileOf,
  type Similarity,
  wasNeverFound,
} from './response-profile.ts';
import { clusterWords, describeWord, type Word, type WordContext } from './word-clusters.ts';

/** Why segments at one place of a path are taken for values of one parameter. */
export type ParameterEvidence =
  /** The values have the shape of an id. */
  | 'shape'
  /** A description declares a parameter here. */
  | 'declared'
  /** A collection names a path variable here. */
  | 'named'
  /** The value comes back in the object that is returned. */
  | 'echo'
  /** The value is part of every element of the list that is returned. */
  | 'filter'
  /** The value was in an identifying field of some response. */
  | 'flow'
  /** Many distinct values, all with similar responses. */
  | 'cardinality'
  /** Never answered 2xx, and failed with the same statuses as the other values. */
  | 'failed-alike';

interface InferredParameter {
  /** The union of the nodes of its values. */
  readonly node: PathTreeNode;
  readonly evidence: ReadonlySet<ParameterEvidence>;
}

export interface InferredSegments {
  readonly literals: ReadonlyMap<string, PathTreeNode>;
  readonly parameters: readonly InferredParameter[];
}

export interface SegmentRules extends WordContext {
  /** True for words that stay literal whatever the evidence: declared ones, and versions. */
  readonly literal: (word: string) => boolean;
  /** True if a description declares a parameter here. */
  readonly declared: boolean;
}

interface ParameterDraft {
  readonly members: PathTreeNode[];
  readonly evidence: Set<ParameterEvidence>;
}

/** So many distinct values with similar, informative responses are a parameter without further evidence. */
const MIN_VALUES_INFORMATIVE = 6;
/** With uninformative responses: so many on one host, half of them seen at most twice. Ids are many and rare, literals few. */
const MIN_VALUES_UNINFORMATIVE = 30;
const MAX_MEDIAN_SEEN = 2;
/** Or so many, however often each was seen. */
const MIN_VALUES_ALONE = 200;

/** Divides the segments at one place of a path into literals and parameters. Deterministic; O(words × clusters). */
export function inferParameters(node: PathTreeNode, rules: SegmentRules): InferredSegments {
  const literals = new Map<string, PathTreeNode>();
  const words: Word[] = [];
  for (const [word, below] of [...node.words].sort(([a], [b]) => compareText(a, b))) {
    if (rules.literal(word)) literals.set(word, below);
    else words.push(describeWord(word, below, rules));
  }
  const known = node.id ?? (rules.declared ? unionOf([]) : undefined);
  const succeeded = words.filter(({ profile }) => hasSucceeded(profile));
  const drafts: ParameterDraft[] = [];
  if (known)
    drafts.push({
      members: [known],
      evidence: new Set([
        rules.declared ? 'declared' : known.names.size > 0 ? 'named' : node.folded ? 'cardinality' : 'shape',
      ]),
    });
  for (const members of clusterWords(succeeded)) {
    const joined = known && similarityTo(members, known, rules) !== 'different' ? drafts[0] : undefined;
    const values = members.filter((word) => isValueOfParameter(word, { members, known: joined && known, rules }));
    for (const word of members) if (!values.includes(word)) literals.set(word.word, word.node);
    if (values.length === 0) continue;
    const draft = joined ?? { members: [], evidence: new Set<ParameterEvidence>() };
    if (!joined) drafts.push(draft);
    for (const value of values) {
      draft.members.push(value.node);
      draft.evidence.add(evidenceOf(value, rules));
    }
  }
  assignEmptyResults(succeeded, drafts, literals);
  assignFailures(
    words.filter(({ profile }) => !hasSucceeded(profile)),
    drafts,
    literals,
  );
  return {
    literals,
    parameters: drafts
      .map(({ members, evidence }) => ({ node: unionOf(members), evidence }))
      .filter((parameter) => !endsBelow(parameter.node).next().done),
  };
}

function evidenceOf({ echo, filter, flow }: Word, { declared }: SegmentRules): ParameterEvidence {
  return echo ? 'echo' : filter ? 'filter' : flow ? 'flow' : declared ? 'declared' : 'cardinality';
}

function similarityTo(members: readonly Word[], known: PathTreeNode, rules: SegmentRules): Similarity {
  if (endsBelow(known).next().done) return rules.declared ? 'unknown' : 'different';
  return compareResponseProfiles(responseProfileOf(unionOf(members.map(({ node }) => node))), responseProfileOf(known));
}

interface Candidates {
  readonly members: readonly Word[];
  /** The parameter that they would join. */
  readonly known: PathTreeNode | undefined;
  readonly rules: SegmentRules;
}

function isValueOfParameter(word: Word, { members, known, rules }: Candidates): boolean {
  const echoing = members.filter(({ echo }) => echo).length;
  if (word.echo) return known !== undefined || echoing >= 2;
  const othersEcho = echoing * 2 > members.length || (known !== undefined && isEchoedBelow(known, rules.index));
  if (othersEcho) return false;
  if (known && rules.declared) return true;
  const filtering = members.filter(({ filter }) => filter).length;
  if (word.filter && (known !== undefined || filtering >= 2)) return true;
  const isLast = word.node.ends.length > 0;
  const flowing = members.filter(({ flow }) => flow).length;
  if (word.flow && (known !== undefined || flowing >= 2)) return true;
  if (isLast && flowing >= 2 && flowing * 2 >= members.length && word.informative) return true;
  return word.informative ? members.length >= MIN_VALUES_INFORMATIVE : hasHighCardinality(word, members);
}

function hasHighCardinality({ origins }: Word, members: readonly Word[]): boolean {
  return [...origins].some((origin) => {
    const seen = members.flatMap((member) => (member.origins.has(origin) ? member.seen : [])).sort((a, b) => a - b);
    if (seen.length >= MIN_VALUES_ALONE) return true;
    return seen.length >= MIN_VALUES_UNINFORMATIVE && (seen[seen.length >> 1] ?? 0) <= MAX_MEDIAN_SEEN;
  });
}

/** True if a response below the node contains the segment at `index` of its path. */
function isEchoedBelow(node: PathTreeNode, index: number): boolean {
  for (const [, { frame }] of endsBelow(node)) if (frame.echoed.has(index)) return true;
  return false;
}

/** Moves words with an empty result (`/search/nobody`) to the parameter whose values filter a list: they return a part of it. */
function assignEmptyResults(
  words: readonly Word[],
  drafts: readonly ParameterDraft[],
  literals: Map<string, PathTreeNode>,
): void {
  const draft = drafts.find(({ evidence }) => evidence.has('filter'));
  if (!draft) return;
  const profile = responseProfileOf(unionOf(draft.members));
  for (const { word, node, profile: own, informative } of words) {
    if (informative || !literals.has(word) || !answersSubsetOf(own, profile)) continue;
    literals.delete(word);
    draft.members.push(node);
  }
}

/** Assigns words that never succeeded to a parameter whose failures they share; many that were never found are one parameter. */
function assignFailures(words: readonly Word[], drafts: ParameterDraft[], literals: Map<string, PathTreeNode>): void {
  const profiles = drafts.map(({ members }) => responseProfileOf(unionOf(members)));
  const rest: Word[] = [];
  for (const word of words) {
    const draft = drafts[profiles.findIndex((profile) => failsWithin(word.profile, profile))];
    if (!draft) {
      rest.push(word);
      continue;
    }
    draft.members.push(word.node);
    draft.evidence.add('failed-alike');
  }
  const neverFound = rest.filter(({ profile }) => wasNeverFound(profile));
  const values = neverFound.filter((word) => hasHighCardinality(word, neverFound));
  for (const word of rest) if (!values.includes(word)) literals.set(word.word, word.node);
  if (values.length > 0) drafts.push({ members: values.map(({ node }) => node), evidence: new Set(['failed-alike']) });
}
