import { endsBelow, type PathTreeNode, unionOf } from './path-tree.ts';
import { compareResponseProfiles, type ResponseProfile, responseProfileOf } from './response-profile.ts';

/** A path segment that is not an id by its shape: a literal of the API, or a value of a parameter. */
export interface Word {
  readonly word: string;
  readonly node: PathTreeNode;
  readonly profile: ResponseProfile;
  readonly echo: boolean;
  readonly filter: boolean;
  readonly flow: boolean;
  readonly informative: boolean;
  readonly seen: number;
  readonly origins: ReadonlySet<string>;
}

export interface WordContext {
  /** Index of the segment in the path. */
  readonly index: number;
  readonly identifies: (word: string) => boolean;
}

export function describeWord(word: string, node: PathTreeNode, { index, identifies }: WordContext): Word {
  let echo = false;
  let filter = false;
  let informative = false;
  let seen = 0;
  const origins = new Set<string>();
  for (const [, { frame, stats, origin }] of endsBelow(node)) {
    seen += stats.total.seen;
    origins.add(origin);
    if (frame.echoed.has(index)) echo = true;
    if (frame.filtered.has(index)) filter = true;
    if (frame.informative) informative = true;
  }
  const profile = responseProfileOf(node);
  return { word, node, profile, echo, filter, flow: identifies(word), informative, seen, origins };
}

/** Words with similar responses, the largest cluster first. O(words × clusters). */
export function clusterWords(words: readonly Word[]): readonly (readonly Word[])[] {
  const clusters: { members: Word[]; profile: ResponseProfile }[] = [];
  for (const word of words) {
    const cluster = clusters.find(({ profile, members }) => {
      const similarity = compareResponseProfiles(word.profile, profile);
      if (similarity === 'unknown') return members.every(({ informative }) => informative === word.informative);
      return similarity === 'similar';
    });
    if (!cluster) {
      clusters.push({ members: [word], profile: word.profile });
      continue;
    }
    cluster.members.push(word);
    cluster.profile = responseProfileOf(unionOf(cluster.members.map(({ node }) => node)));
  }
  return clusters.map(({ members }) => members).sort((a, b) => b.length - a.length);
}
