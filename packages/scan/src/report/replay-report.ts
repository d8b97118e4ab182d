import { nearestPlace } from './nearest-place.ts';
import type { Try } from '../proof/compare.ts';
import type { Replay } from '../proof/replay.ts';
import type { Paint } from './text-report.ts';

const SAID: Readonly<Record<Replay['verdict'], readonly [text: string, style: Parameters<Paint>[0]]>> = {
  open: ['✗ open', 'red'],
  'half fixed': ['◐ half fixed', 'yellow'],
  closed: ['✓ closed', 'green'],
  'cannot tell': ['? cannot tell', 'yellow'],
};

/** What a person reads after a replay: the verdict, then who still gets what by which door. */
export function replayReport(replay: Replay, paint: Paint): string {
  const [text, style] = SAID[replay.verdict];
  const lines = [
    paint(style, text) + (replay.reason === undefined ? '' : `: ${replay.reason}`),
    ...part('still open', replay.open),
    ...part('closed', replay.closed),
    ...part('taken from those it was meant for', replay.lost),
    ...part('not known', replay.unsure),
    `${replay.requests} requests, ${replay.seconds.toFixed(1)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

function part(title: string, tries: readonly Try[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const each of tries) {
    const key = nearestPlace(each);
    groups.set(key, (groups.get(key) ?? new Set()).add(`${each.resource}.${each.field}`));
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, fields]) => `  ${title}: ${place}: ${[...fields].sort().join(', ')}`);
}
