import {
  answersPartOf,
  compareResponseProfiles,
  responseProfileOf,
  everSucceeded,
  failsWithin,
  isAbsent,
  type ResponseProfile,
} from './alike.ts';
import { compareText } from '../stats/counted.ts';
import { endsBelow, uniteAll, type PathTreeNode } from './path-place.ts';

/** Why words in one place are taken for values of one parameter. */
export type Evidence =
  | 'shape'
  | 'declared'
  /** The value comes back in the object answered. */
  | 'echo'
  /** The value stands in every element of the list answered. */
  | 'filter'
  /** The value stood in an identifying field of some response. */
  | 'flow'
  /** Many words, all answered alike. */
  | 'crowd'
  /** Never answered 2xx, and failed as the others do. */
  | 'failed-alike';

/** One parameter of a place: everything that goes into it, and why. */
interface Group {
  readonly place: PathTreeNode;
  readonly evidence: ReadonlySet<Evidence>;
}

export interface Grouping {
  readonly literals: ReadonlyMap<string, PathTreeNode>;
  readonly groups: readonly Group[];
}

export interface WordRules {
  /** Index of the place's segment in the path. */
  readonly index: number;
  /** Words that stay literal whatever the evidence: declared ones, and versions. */
  readonly literal: (word: string) => boolean;
  /** True if a description declares a parameter here. */
  readonly declared: boolean;
  readonly identifies: (word: string) => boolean;
}

/** A parameter that is being put together. */
interface Forming {
  readonly members: PathTreeNode[];
  readonly evidence: Set<Evidence>;
}

/** So many words answered alike, and in a way that tells something, need no further evidence. */
const CROWD_TELLING = 6;
/** Where answers tell nothing it takes so many words on one host, each seen hardly ever: ids are many and rare, operations few. */
const CROWD_SILENT = 30;
const RARE_HITS = 2;
/** Or so many, however often they were seen. */
const CROWD_HUGE = 200;

interface Word {
  readonly word: string;
  readonly place: PathTreeNode;
  readonly conduct: ResponseProfile;
  readonly echo: boolean;
  readonly filter: boolean;
  readonly flow: boolean;
  readonly telling: boolean;
  readonly hits: number;
  readonly origins: ReadonlySet<string>;
}

/** Tells the values of parameters from literal words in one place. Deterministic; O(words × clusters). */
export function groupWords(place: PathTreeNode, rules: WordRules): Grouping {
  const literals = new Map<string, PathTreeNode>();
  const words: Word[] = [];
  for (const [word, below] of [...place.words].sort(([a], [b]) => compareText(a, b))) {
    if (rules.literal(word)) literals.set(word, below);
    else words.push(describe(word, below, rules));
  }
  const known = place.id ?? (rules.declared ? uniteAll([]) : undefined);
  const open = words.filter(({ conduct }) => everSucceeded(conduct));
  const clusters = cluster(open);
  const groups: Forming[] = [];
  if (known)
    groups.push({
      members: [known],
      evidence: new Set([rules.declared ? 'declared' : place.crowded ? 'crowd' : 'shape']),
    });
  for (const members of clusters) {
    const join = known && likenessTo(members, known, rules) !== 'unlike' ? groups[0] : undefined;
    const taken = members.filter((word) => belongs(word, { members, known: join && known, rules }));
    for (const word of members) if (!taken.includes(word)) literals.set(word.word, word.place);
    if (taken.length === 0) continue;
    const group = join ?? { members: [], evidence: new Set<Evidence>() };
    if (!join) groups.push(group);
    for (const { place: below, echo, filter, flow } of taken) {
      group.members.push(below);
      group.evidence.add(echo ? 'echo' : filter ? 'filter' : flow ? 'flow' : rules.declared ? 'declared' : 'crowd');
    }
  }
  placeEmpty(open, groups, literals);
  placeFailures(
    words.filter(({ conduct }) => !everSucceeded(conduct)),
    groups,
    literals,
  );
  return {
    literals,
    groups: groups
      .map(({ members, evidence }) => ({ place: uniteAll(members), evidence }))
      .filter((group) => !endsBelow(group.place).next().done),
  };
}

function describe(word: string, place: PathTreeNode, { index, identifies }: WordRules): Word {
  let echo = false;
  let filter = false;
  let telling = false;
  let hits = 0;
  const origins = new Set<string>();
  for (const [, { frame, stats, origin }] of endsBelow(place)) {
    hits += stats.total.seen;
    origins.add(origin);
    if (frame.echoed.has(index)) echo = true;
    if (frame.filtered.has(index)) filter = true;
    if (frame.telling) telling = true;
  }
  return {
    word,
    place,
    conduct: responseProfileOf(place),
    echo,
    filter,
    flow: identifies(word),
    telling,
    hits,
    origins,
  };
}

/** Words that answer alike, the largest cluster first. */
function cluster(words: readonly Word[]): readonly (readonly Word[])[] {
  const clusters: { members: Word[]; conduct: ResponseProfile }[] = [];
  for (const word of words) {
    const home = clusters.find(({ conduct, members }) => {
      const likeness = compareResponseProfiles(word.conduct, conduct);
      return (
        likeness === 'alike' || (likeness === 'unknown' && members.every(({ telling }) => telling === word.telling))
      );
    });
    if (!home) {
      clusters.push({ members: [word], conduct: word.conduct });
      continue;
    }
    home.members.push(word);
    home.conduct = responseProfileOf(uniteAll(home.members.map(({ place }) => place)));
  }
  return clusters.map(({ members }) => members).sort((a, b) => b.length - a.length);
}

function likenessTo(members: readonly Word[], known: PathTreeNode, rules: WordRules): 'alike' | 'unlike' | 'unknown' {
  if (endsBelow(known).next().done) return rules.declared ? 'unknown' : 'unlike';
  return compareResponseProfiles(
    responseProfileOf(uniteAll(members.map(({ place }) => place))),
    responseProfileOf(known),
  );
}

interface Company {
  readonly members: readonly Word[];
  /** The parameter they would join. */
  readonly known: PathTreeNode | undefined;
  readonly rules: WordRules;
}

function belongs(word: Word, { members, known, rules }: Company): boolean {
  const echoing = members.filter(({ echo }) => echo).length;
  if (word.echo) return known !== undefined || echoing >= 2;
  const othersEcho = echoing * 2 > members.length || (known !== undefined && echoesIn(known, rules.index));
  if (othersEcho) return false;
  if (known && rules.declared) return true;
  const filtering = members.filter(({ filter }) => filter).length;
  if (word.filter && (known !== undefined || filtering >= 2)) return true;
  const isLast = word.place.ends.length > 0;
  const flowing = members.filter(({ flow }) => flow).length;
  if (word.flow && (known !== undefined || flowing >= 2)) return true;
  if (isLast && flowing >= 2 && flowing * 2 >= members.length && word.telling) return true;
  return word.telling ? members.length >= CROWD_TELLING : isSilentCrowd(word, members);
}

function isSilentCrowd({ origins }: Word, members: readonly Word[]): boolean {
  return [...origins].some((origin) => {
    const hits = members.flatMap((member) => (member.origins.has(origin) ? member.hits : [])).sort((a, b) => a - b);
    return hits.length >= CROWD_HUGE || (hits.length >= CROWD_SILENT && (hits[hits.length >> 1] ?? 0) <= RARE_HITS);
  });
}

/** True if answers below a place give back the segment that led there. */
function echoesIn(place: PathTreeNode, index: number): boolean {
  for (const [, { frame }] of endsBelow(place)) if (frame.echoed.has(index)) return true;
  return false;
}

/** Words that found nothing, beside others whose lists all hold them: `/search/nobody`. They answer a part of what the others do. */
function placeEmpty(words: readonly Word[], groups: readonly Forming[], literals: Map<string, PathTreeNode>): void {
  const group = groups.find(({ evidence }) => evidence.has('filter'));
  if (!group) return;
  const conduct = responseProfileOf(uniteAll(group.members));
  for (const { word, place, conduct: own, telling } of words) {
    if (telling || !literals.has(word) || !answersPartOf(own, conduct)) continue;
    literals.delete(word);
    group.members.push(place);
  }
}

/** Words that never succeeded: values nobody has, if they fail as a parameter here does; a crowd of them is one parameter. */
function placeFailures(words: readonly Word[], groups: Forming[], literals: Map<string, PathTreeNode>): void {
  const conducts = groups.map(({ members }) => responseProfileOf(uniteAll(members)));
  const left: Word[] = [];
  for (const word of words) {
    const home = groups[conducts.findIndex((conduct) => failsWithin(word.conduct, conduct))];
    if (!home) {
      left.push(word);
      continue;
    }
    home.members.push(word.place);
    home.evidence.add('failed-alike');
  }
  const absent = left.filter(({ conduct }) => isAbsent(conduct));
  const crowd = absent.filter((word) => isSilentCrowd(word, absent));
  for (const word of left) if (!crowd.includes(word)) literals.set(word.word, word.place);
  if (crowd.length > 0) groups.push({ members: crowd.map(({ place }) => place), evidence: new Set(['failed-alike']) });
}
