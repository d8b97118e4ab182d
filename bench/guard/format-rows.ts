import type { Row } from '../shared/row.ts';
import { OURS } from './bench-setup.ts';

/** Splits a figure into what is measured and the goal: `CPU per request`, `at most 5 × nginx`. */
const GOAL = /^(.*), (at most .*)$/;

/** The rows as text: figures with several goals once, with a line for each goal below. */
export function formatRows(rows: readonly Row[]): string {
  const groups: Row[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group?.[0]?.peers === row.peers) group.push(row);
    else groups.push([row]);
  }
  return groups.map(formatGroup).join('\n');
}

function formatGroup(group: readonly Row[]): string {
  const [first] = group;
  if (!first) return '';
  const { ours, peers, unit } = first;
  const figures = Object.entries({ [OURS]: ours, ...peers }).map(([name, value]) => {
    const ratio = name === OURS || value <= 0 ? '' : ` (${OURS} is ${(ours / value).toFixed(2)} ×)`;
    return `    ${name}: ${value.toFixed(3)} ${unit}${ratio}`;
  });
  const goals = group.map(({ figure, goal, holds }) => {
    const most = GOAL.exec(figure)?.[2] ?? figure;
    return `    ${holds ? 'holds ' : 'MISSED'}  ${most}: goal ${goal.toFixed(3)} ${unit}`;
  });
  return [`${first.case}: ${GOAL.exec(first.figure)?.[1] ?? first.figure}`, ...figures, ...goals].join('\n');
}
