import type { z } from 'zod';
import type { Where } from '../../errors.ts';
import { type Problem, readDocument, type SourceDocument, type SourcePath } from './document.ts';
import { nearest } from './nearest.ts';
import { RESERVED_NAMES } from './reserved-names.ts';
import { ContractSource, PartSource } from './source.ts';

/** Gives the text of a file named in `from`; throws LP-FILE-UNREADABLE. Core itself reads nothing. */
export type ReadFile = (path: string, from?: string) => { readonly file: string; readonly text: string };

/** The merged files of a contract, with positions. */
export interface Sources {
  readonly contract: ContractSource | undefined;
  readonly problems: readonly Problem[];
  readonly main: string;
  readonly where: (path: SourcePath, key?: boolean) => Where;
}

const SECTIONS = ['principals', 'owners', 'relations', 'states', 'resources', 'operations'] as const;
const MAX_FILES = 32;

/** Reads a contract and the files it includes. Mistakes are returned as problems, never thrown. */
export function readSources(path: string, read: ReadFile): Sources {
  const { file, text } = read(path);
  const main = readDocument(file, text);
  const problems: Problem[] = [...main.faults];
  const checked = problems.length === 0 ? check(main, ContractSource, problems) : undefined;
  if (!checked) return { contract: undefined, problems, main: file, where: main.where };

  const homes = new Map<string, SourceDocument>();
  const merged: Record<string, Record<string, unknown>> = {};
  const add = (document: SourceDocument, part: z.infer<typeof PartSource>): void => {
    for (const section of SECTIONS) {
      for (const [name, value] of Object.entries(part[section] ?? {})) {
        const home = homes.get(`${section}\n${name}`);
        if (home) {
          const where = document.where([section, name], true);
          problems.push({
            severity: 'error',
            message: `"${name}" of ${section} is declared in ${home.file} already.`,
            where,
          });
          continue;
        }
        homes.set(`${section}\n${name}`, document);
        (merged[section] ??= Object.create(null) as Record<string, unknown>)[name] = value;
      }
    }
  };
  add(main, checked);
  const seen = new Set([file]);
  const open = (checked.include ?? []).map((include, index) => ({ include, from: main, path: ['include', index] }));
  for (let next = open.shift(); next; next = open.shift()) {
    const included = read(next.include, next.from.file);
    if (seen.has(included.file)) continue;
    seen.add(included.file);
    if (seen.size > MAX_FILES) {
      problems.push({
        severity: 'error',
        message: `More than ${MAX_FILES} files are included.`,
        where: next.from.where(next.path),
      });
      break;
    }
    const document = readDocument(included.file, included.text);
    problems.push(...document.faults);
    const part = document.faults.length === 0 ? check(document, PartSource, problems) : undefined;
    if (!part) continue;
    add(document, part);
    open.push(...(part.include ?? []).map((include, index) => ({ include, from: document, path: ['include', index] })));
  }
  return {
    contract: { ...checked, ...merged },
    problems,
    main: file,
    where: (at, key) => (homes.get(`${String(at[0])}\n${String(at[1])}`) ?? main).where(at, key),
  };
}

function check<T>(document: SourceDocument, schema: z.ZodType<T>, problems: Problem[]): T | undefined {
  const result = schema.safeParse(document.value, { reportInput: false });
  if (result.success) return result.data;
  for (const issue of result.error.issues) problems.push(...problemsOf(document, schema, issue));
  return undefined;
}

function problemsOf(document: SourceDocument, schema: z.ZodType, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      if (RESERVED_NAMES.has(key)) {
        return {
          severity: 'error',
          message: `"${key}" is reserved for a later version of the contract and means nothing yet.`,
          where: document.where([...path, key], true),
          fix: 'Take it out.',
        };
      }
      const meant = nearest(key, known);
      const fix = meant
        ? `Did you mean "${meant}"?`
        : known.length > 0
          ? `Known here: ${known.join(', ')}.`
          : 'Take it out.';
      return {
        severity: 'error',
        message: `"${key}" is not known here.`,
        where: document.where([...path, key], true),
        fix,
      };
    });
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.flat().filter((each) => each.path.length > 0 || each.code === 'unrecognized_keys');
    if (branches.length > 0)
      return branches.flatMap((each) => problemsOf(document, schema, { ...each, path: [...path, ...each.path] }));
  }
  return [problemOf(document, path, issue)];
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function problemOf(document: SourceDocument, path: SourcePath, issue: z.core.$ZodIssue): Problem {
  const where = document.where(path);
  const name = path.join('.') || 'The file';
  const key = String(path.at(-1) ?? '');
  if (!document.has(path))
    return {
      severity: 'error',
      message: `"${key}" is missing in ${path.slice(0, -1).join('.') || 'the file'}.`,
      where,
    };
  if (issue.code === 'invalid_type')
    return { severity: 'error', message: `${name} must be ${EXPECTED[issue.expected] ?? issue.expected}.`, where };
  if (issue.code === 'invalid_value') {
    const fix = `Known here: ${issue.values.map(String).join(', ')}.`;
    return { severity: 'error', message: `${name} has a value that is not known here.`, where, fix };
  }
  return { severity: 'error', message: `${name}: ${issue.message}`, where };
}

/** The keys that the schema knows at `path`. */
function knownKeys(schema: z.ZodType, path: SourcePath): string[] {
  let at: unknown = schema;
  for (const step of path) at = childOf(at, step);
  return Object.keys(shapeOf(at) ?? {});
}

function childOf(schema: unknown, step: string | number): unknown {
  const inner = unwrap(schema);
  const shape = shapeOf(inner);
  if (shape) return shape[step];
  const definition = definitionOf(inner);
  return definition?.['valueType'] ?? definition?.['element'];
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const definition = definitionOf(unwrap(schema));
  return definition?.['shape'] as Record<string, unknown> | undefined;
}

function unwrap(schema: unknown): unknown {
  const definition = definitionOf(schema);
  if (definition?.['innerType']) return unwrap(definition['innerType']);
  if (typeof definition?.['getter'] === 'function') return unwrap((definition['getter'] as () => unknown)());
  if (Array.isArray(definition?.['options'])) {
    const object = definition['options'].map(unwrap).find((option) => definitionOf(option)?.['shape']);
    return object ?? schema;
  }
  return schema;
}

function definitionOf(schema: unknown): Record<string, unknown> | undefined {
  return typeof schema === 'object' && schema !== null && 'def' in schema
    ? (schema.def as Record<string, unknown>)
    : undefined;
}
