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

/**
 * The report of a replay as text: the verdict, that of the finding's own operation, then which callers still get which fields by which
 * operation.
 */
export function replayReport(replay: Replay, paint: Paint): string {
  const [text, style] = VERDICT_LABELS[replay.verdict];
  const { ownOperation: own } = replay;
  const lines = [
    paint(style, text) + (replay.reason === undefined ? '' : `: ${replay.reason}`),
    ...(own ? [`  ${own.operation}, the operation of the finding: ${own.verdict}`] : []),
    ...attemptLines('still open', replay.open),
    ...attemptLines('closed', replay.closed),
    ...attemptLines('lost by those who are allowed it', replay.lost),
    ...attemptLines('unknown', replay.unsure),
    `${replay.requests} requests in ${replay.seconds.toFixed(1)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One line for each kind of caller, operation and reason, in the order of the attempts. */
function attemptLines(title: string, attempts: readonly Attempt[]): string[] {
  const groups = new Map<string, { readonly attempt: Attempt; readonly fields: Set<string> }>();
  for (const attempt of attempts) {
    const key = `${callerAtOperation(attempt)}\n${attempt.reason ?? ''}`;
    const group = groups.get(key) ?? { attempt, fields: new Set<string>() };
    groups.set(key, group);
    group.fields.add(`${attempt.resource}.${attempt.field}`);
  }
  return [...groups.values()].map(({ attempt, fields }) => {
    const reason = attempt.reason === undefined ? '' : ` (${attempt.reason})`;
    return `  ${title}: ${callerAtOperation(attempt)}: ${[...fields].sort().join(', ')}${reason}`;
  });
}
