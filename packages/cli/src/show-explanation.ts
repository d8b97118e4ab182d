import type { ExplainedObjects, Explanation } from './explain-exchange.ts';
import type { paint as Paint } from './terminal.ts';

const REASONS: Readonly<Record<string, string>> = {
  relation: 'the caller is in no relation that may see it',
  hidden: 'the caller may not know that the object exists',
  undeclared: 'the contract does not declare it',
  misshapen: 'its value is not what the contract says it is',
  projection: 'the operation leaves it out',
  'owner-unknown': 'no owner was found in the object',
  'group-too-small': 'the group behind the statistic is too small',
};

/** An explanation as text. */
export function showExplanation(explanation: Explanation, paint: typeof Paint): string {
  const { at, operation, server, principal, refusal, objects, unknown, unread } = explanation;
  const where = server === undefined ? '' : ` at ${server}`;
  return `${[
    `${paint('bold', operation ?? 'no operation')}${where} ${paint('dim', `(${at})`)}`,
    ...(principal === undefined ? [] : [`  caller: ${principal}`]),
    refusal
      ? `  request: ${paint('red', `✗ refused with ${refusal.status}`)} ${refusal.code}: ${refusal.reason}`
      : `  request: ${paint('green', '✓ allowed')}`,
    ...(unread === undefined ? objects.flatMap((each) => objectLines(each, { unknown, paint })) : [`  ${unread}`]),
    ...(unknown.length === 0
      ? []
      : [paint('yellow', `  unknown: ${unknown.join(', ')}; say it with --assume or --assume-not`)]),
  ].join('\n')}\n`;
}

interface Shown {
  readonly unknown: readonly string[];
  readonly paint: typeof Paint;
}

function objectLines(objects: ExplainedObjects, { unknown, paint }: Shown): string[] {
  const { resource, count, relations, states, fields, undeclared } = objects;
  const holding = states.filter((state) => !unknown.includes(state));
  const stated = holding.length === 0 ? '' : `; the owner is ${holding.join(', ')}`;
  const withheld = paint('red', '✗ withheld');
  const reasons = new Set(fields.values());
  const [only] = reasons;
  const width = Math.max(0, ...[...fields.keys()].map((name) => name.length));
  const perField = [...fields].map(
    ([name, because]) =>
      `    ${name.padEnd(width)}  ${because === undefined ? paint('green', '✓ allowed') : `${withheld}: ${reasonOf(because)}`}`,
  );
  return [
    `  ${count} × ${resource}; the caller is ${relations.join(', ')}${stated}`,
    ...(reasons.size === 1 && only !== undefined
      ? [`    ${withheld}, all ${fields.size} fields: ${reasonOf(only)}`]
      : perField),
    ...(undeclared === 0 ? [] : [`    ${withheld}: ${undeclared} members that the contract does not declare`]),
  ];
}

function reasonOf(because: string): string {
  const state = /^state:(.*)$/.exec(because)?.[1];
  return state === undefined ? (REASONS[because] ?? because) : `the owner is ${state}, or that is unknown`;
}
