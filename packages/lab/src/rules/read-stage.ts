import { readFile } from 'node:fs/promises';
import { LabError } from '../lab-error.ts';
import { OPERATIONS } from '../surface/operations.ts';
import { POLICY } from './policy.ts';
import { stageNamed } from './named-stages.ts';
import { SETTING_VALUES } from './posture.ts';
import { REGIONS, type Stage, type Switch } from './stage.ts';

/** Largest stage file, in characters. */
const MAX_LENGTH = 1_000_000;

/** The stage of that name, or the one in a file if `nameOrFile` ends in `.json`. Throws LP-LAB-STAGE, LP-LAB-STAGE-FILE. */
export async function readStage(nameOrFile: string): Promise<Stage> {
  if (!nameOrFile.endsWith('.json')) return stageNamed(nameOrFile);
  const text = await readFile(nameOrFile, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new LabError('LP-LAB-STAGE-FILE', `${nameOrFile} cannot be read: ${why}`, { cause });
  });
  return parseStage(text, nameOrFile);
}

/**
 * Reads `{ "name", "story", "switches": [{ "region", "protocol", "channel", "operations", "set": { … } }] }`. Only `switches`, and
 * `set` in each of them, are required; an unknown key or value is an error. Throws LP-LAB-STAGE-FILE with the pointer of the first
 * error.
 */
export function parseStage(text: string, file: string): Stage {
  const fail: Fail = (pointer, detail) => {
    throw new LabError('LP-LAB-STAGE-FILE', `${file}: ${pointer === '' ? '' : `${pointer}: `}${detail}`);
  };
  if (text.length > MAX_LENGTH) fail('', `longer than ${MAX_LENGTH} characters`);
  const stage = objectIn({ value: parseJson(text, fail), at: '', fail }, ['name', 'story', 'switches']);
  const { name = file, story = `The switches of ${file}.`, switches } = stage;
  if (typeof name !== 'string' || name === '') return fail('/name', 'must be text');
  if (typeof story !== 'string') return fail('/story', 'must be text');
  if (!Array.isArray(switches)) return fail('/switches', 'must be a list');
  return { name, story, switches: switches.map((each, at) => switchIn({ value: each, at: `/switches/${at}`, fail })) };
}

type Fail = (pointer: string, detail: string) => never;

/** Values of the keys that say where a switch applies. */
const SCOPE_KEYS: Readonly<Record<string, readonly string[]>> = {
  region: REGIONS,
  protocol: ['rest', 'graphql'],
  channel: ['web', 'mobile', 'device'],
};
const OPERATION_NAMES: readonly string[] = OPERATIONS.map(({ name }) => name);
const FIELDS: readonly string[] = Object.entries(POLICY).flatMap(([resource, { fields }]) =>
  Object.keys(fields).map((field) => `${resource}.${field}`),
);
/** Settings whose value is a list, with its possible elements. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  forgotten: FIELDS,
  acceptsTokens: SETTING_VALUES.acceptsTokens,
};

interface Field {
  readonly value: unknown;
  readonly at: string;
  readonly fail: Fail;
}

function switchIn(field: Field): Switch {
  const { at, fail } = field;
  const each = objectIn(field, [...Object.keys(SCOPE_KEYS), 'operations', 'set']);
  const below = (object: Readonly<Record<string, unknown>>, key: string, path = at): Field => ({
    value: object[key],
    at: `${path}/${key}`,
    fail,
  });
  for (const [key, allowed] of Object.entries(SCOPE_KEYS)) {
    if (each[key] !== undefined) checkOneOf(below(each, key), allowed);
  }
  if (each['operations'] !== undefined) checkList(below(each, 'operations'), OPERATION_NAMES);
  const set = objectIn(below(each, 'set'), Object.keys(SETTING_VALUES));
  for (const [key, allowed] of Object.entries(SETTING_VALUES)) {
    const list = LISTS[key];
    if (set[key] === undefined) continue;
    const setting = below(set, key, `${at}/set`);
    if (list === undefined) checkOneOf(setting, allowed);
    else checkList(setting, list);
  }
  return each as unknown as Switch;
}

function parseJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail('', 'not JSON');
  }
}

function objectIn({ value, at, fail }: Field, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(at, 'must be an object');
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) fail(`${at}/${unknown}`, `unknown key; known keys: ${keys.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}

function checkOneOf({ value, at, fail }: Field, allowed: readonly string[]): void {
  if (typeof value !== 'string' || !allowed.includes(value)) fail(at, `must be one of ${allowed.join(', ')}`);
}

function checkList({ value, at, fail }: Field, allowed: readonly string[]): void {
  if (!Array.isArray(value) || value.length === 0) return fail(at, 'must be a list that is not empty');
  for (const [index, each] of value.entries()) {
    if (typeof each !== 'string' || !allowed.includes(each)) fail(`${at}/${index}`, 'unknown name');
  }
}
