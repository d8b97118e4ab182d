import { readFile } from 'node:fs/promises';
import { LabError } from '../lab-error.ts';
import { DOORS } from '../surface/doors.ts';
import { MEANING } from './meaning.ts';
import { stageNamed } from './posture-of.ts';
import { SWITCH_VALUES } from './posture.ts';
import { REGIONS, type Stage, type Switch } from './stages.ts';

/** The most that a file of switches may weigh, in characters. */
const MAX_LENGTH = 1_000_000;

/** A named stage, or the one in that file where the words end in `.json`. Throws LP-LAB-STAGE, LP-LAB-STAGE-FILE. */
export async function readStage(nameOrFile: string): Promise<Stage> {
  if (!nameOrFile.endsWith('.json')) return stageNamed(nameOrFile);
  const text = await readFile(nameOrFile, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new LabError('LP-LAB-STAGE-FILE', `${nameOrFile} cannot be read: ${why}`, { cause });
  });
  return parseStage(text, nameOrFile);
}

/**
 * A stage of one's own: `{ "name", "story", "switches": [{ "region", "protocol", "channel", "operations", "set": { … } }] }`, of
 * which only `switches` and each one's `set` must be there. Nothing is passed over: an unknown word is a mistake. Throws
 * LP-LAB-STAGE-FILE with the place of the first one.
 */
export function parseStage(text: string, file: string): Stage {
  const mistake: Mistake = (place, detail) => {
    throw new LabError('LP-LAB-STAGE-FILE', `${file}: ${place === '' ? '' : `${place}: `}${detail}`);
  };
  if (text.length > MAX_LENGTH) mistake('', `longer than ${MAX_LENGTH} characters`);
  const stage = objectIn(parseJson(text, mistake), '', ['name', 'story', 'switches'], mistake);
  const { name = file, story = `The switches of ${file}.`, switches } = stage;
  if (typeof name !== 'string' || name === '') return mistake('/name', 'must be text');
  if (typeof story !== 'string') return mistake('/story', 'must be text');
  if (!Array.isArray(switches)) return mistake('/switches', 'must be a list');
  return { name, story, switches: switches.map((each, at) => switchIn(each, `/switches/${at}`, mistake)) };
}

type Mistake = (place: string, detail: string) => never;

/** What each key of a switch that says where may say. */
const SPOTS: Readonly<Record<string, readonly string[]>> = {
  region: REGIONS,
  protocol: ['rest', 'graphql'],
  channel: ['web', 'mobile', 'device'],
};
const OPERATIONS: readonly string[] = DOORS.map(({ operation }) => operation);
const FIELDS: readonly string[] = Object.entries(MEANING).flatMap(([resource, { fields }]) =>
  Object.keys(fields).map((field) => `${resource}.${field}`),
);
/** Those of the switches that take a list, with what may be on it. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  forgotten: FIELDS,
  acceptsTokens: SWITCH_VALUES.acceptsTokens,
};

function switchIn(value: unknown, at: string, mistake: Mistake): Switch {
  const each = objectIn(value, at, [...Object.keys(SPOTS), 'operations', 'set'], mistake);
  for (const [key, allowed] of Object.entries(SPOTS)) {
    if (each[key] !== undefined) oneOf(each[key], `${at}/${key}`, allowed, mistake);
  }
  if (each['operations'] !== undefined) listOf(each['operations'], `${at}/operations`, OPERATIONS, mistake);
  const set = objectIn(each['set'], `${at}/set`, Object.keys(SWITCH_VALUES), mistake);
  for (const [key, allowed] of Object.entries(SWITCH_VALUES)) {
    const list = LISTS[key];
    if (set[key] === undefined) continue;
    if (list === undefined) oneOf(set[key], `${at}/set/${key}`, allowed, mistake);
    else listOf(set[key], `${at}/set/${key}`, list, mistake);
  }
  return each as unknown as Switch;
}

function parseJson(text: string, mistake: Mistake): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return mistake('', 'this is no JSON');
  }
}

function objectIn(
  value: unknown,
  at: string,
  keys: readonly string[],
  mistake: Mistake,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mistake(at, 'must be an object');
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) mistake(`${at}/${unknown}`, `not known here; known are ${keys.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}

function oneOf(value: unknown, at: string, allowed: readonly string[], mistake: Mistake): void {
  if (typeof value !== 'string' || !allowed.includes(value)) mistake(at, `must be one of ${allowed.join(', ')}`);
}

function listOf(value: unknown, at: string, allowed: readonly string[], mistake: Mistake): void {
  if (!Array.isArray(value) || value.length === 0) return mistake(at, 'must be a list with something on it');
  for (const [place, each] of value.entries()) {
    if (typeof each !== 'string' || !allowed.includes(each))
      mistake(`${at}/${place}`, 'the lab has nothing of that name');
  }
}
