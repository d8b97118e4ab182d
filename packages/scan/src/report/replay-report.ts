import type { Attempt } from '../proof/compare.ts';
import type { Replay } from '../proof/replay.ts';
import { callerAtOperation } from './caller-at-operation.ts';
import type { Paint } from './paint.ts';

const VERDICT_LABELS: Readonly<Record<Replay['verdict'], readonly [text: string, style: Parameters<Paint>[0]]>> = {
  open: ['✗ open', 'red'],
  'half fixed': ['◐ half fixed', 'yellow'],
  closed: ['✓ closed', 'green'],
  'cannot tell': ['? cannot tell', 'yellow'],
};

/** The report of a replay as text: the verdict, then which callers still get which fields by which operation. */
export function replayReport(replay: Replay, paint: Paint): string {
  const [text, style] = VERDICT_LABELS[replay.verdict];
  const lines = [
    paint(style, text) + (replay.reason === undefined ? '' : `: ${replay.reason}`),
    ...attemptLines('still open', replay.open),
    ...attemptLines('closed', replay.closed),
    ...attemptLines('lost by those who are allowed it', replay.lost),
    ...attemptLines('unknown', replay.unsure),
    `${replay.requests} requests in ${replay.seconds.toFixed(1)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

function attemptLines(title: string, attempts: readonly Attempt[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const each of attempts) {
    const key = callerAtOperation(each);
    groups.set(key, (groups.get(key) ?? new Set()).add(`${each.resource}.${each.field}`));
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([caller, fields]) => `  ${title}: ${caller}: ${[...fields].sort().join(', ')}`);
}
