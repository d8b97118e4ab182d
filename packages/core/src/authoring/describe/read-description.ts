import { isLeakproofError, type Where } from '../../errors.ts';
import type { DescribedItem } from '../../openapi/operations.ts';
import { type Description, hasInvalidPaths, openDescription } from '../../openapi/description.ts';
import type { DescriptionProblem, LocatedValue } from '../../openapi/problem.ts';
import { loadYaml } from '../../yaml/load-yaml.ts';
import type { Problem } from '../read/document.ts';
import type { ReadFile } from '../read/sources.ts';
import { problemsOf } from './description-problems.ts';
import { repeatedJsonKey, type TextPositions, textPositions } from './text-positions.ts';

/** An operation of a description, for a contract. */
export type DescribedOperation = Extract<DescribedItem, { type: 'operation' }>;

/** The operations of a description, and what of it cannot be read. */
export interface ContractDescription {
  readonly file: string;
  readonly operations: readonly DescribedOperation[];
  /** The line and column of a value of the description or of a document that it refers to. */
  readonly where: (part: LocatedValue, pointer: string) => Where;
  /** What could not be read, with that which `requestMembers` could not read since. */
  readonly problems: () => readonly Problem[];
}

/** A URI reference with a scheme or a host: it is not read, for the contract reads files only. */
const REMOTE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Reads the description that a contract names, with the files that it refers to. Throws what `read` throws for `path` itself. */
export function readContractDescription(path: string, from: string, read: ReadFile): ContractDescription {
  const files = new DescriptionFiles(read);
  const file = files.open(path, from);
  const value = files.load(file);
  const description = openDescription(value, file, (reference, base) => files.locate(reference, base));
  const where = (part: LocatedValue, pointer: string): Where => files.where(part, pointer, description);
  if (typeof description === 'string') {
    const fault = files.problems.length > 0 ? [] : [noDescription(file, description)];
    return { file, operations: [], where, problems: () => [...files.problems, ...fault] };
  }
  const { documents } = description;
  for (let wanted = documents.wanted(); wanted.length > 0; wanted = documents.wanted())
    for (const { id } of wanted) if (files.has(id)) documents.supply(id, files.load(id));
  const lost: DescriptionProblem[] = [];
  const operations: DescribedOperation[] = [];
  // Only requests count for a contract: no fields are listed, and no bodies of responses read.
  for (const items of description.operations({ file, maxFields: 0, lost: (problem) => lost.push(problem) })) {
    for (const item of items) {
      if (item.type === 'operation') operations.push(item);
      else lost.push(item.problem);
    }
  }
  const invalid: Problem[] = hasInvalidPaths(value)
    ? [
        {
          severity: 'error',
          code: 'paths-invalid',
          message: '`paths` is no map of path items.',
          where: where({ value, base: file }, '/paths'),
        },
      ]
    : [];
  return {
    file,
    operations,
    where,
    problems: () => [
      ...files.problems,
      ...invalid,
      ...problemsOf(lost, { documents, where, reasonOf: (id) => files.reasonOf(id) }),
    ],
  };
}

function noDescription(file: string, why: 'wrong-document' | 'version-unsupported'): Problem {
  const message =
    why === 'wrong-document' ? 'This is no OpenAPI document.' : 'This is a version of OpenAPI that is not known.';
  const fix = 'Name a description in OpenAPI 2.0, 3.0, 3.1 or 3.2, with its version in `openapi` or `swagger`.';
  return { severity: 'error', code: why, message, where: { file, line: 1, column: 1 }, fix };
}

/** The texts of a description and of the files that it refers to. */
class DescriptionFiles {
  readonly problems: Problem[] = [];
  readonly #read: ReadFile;
  readonly #texts = new Map<string, string>();
  readonly #located = new Map<string, string>();
  readonly #reasons = new Map<string, string>();
  readonly #positions = new Map<string, TextPositions>();

  constructor(read: ReadFile) {
    this.#read = read;
  }

  /** Reads a file; its name. */
  open(path: string, from: string): string {
    const { file, text } = this.#read(path, from);
    this.#texts.set(file, text);
    return file;
  }

  has(file: string): boolean {
    return this.#texts.has(file);
  }

  /** The id of the document that a reference names: the name of a file, or the reference if it cannot be read. */
  locate(reference: string, from: string): string {
    const key = `${from}\n${reference}`;
    const known = this.#located.get(key) ?? this.#find(reference, from);
    this.#located.set(key, known);
    return known;
  }

  reasonOf(id: string): string {
    return this.#reasons.get(id) ?? 'It is not read.';
  }

  /** The value of a file. Errors in its text are errors of the contract. */
  load(file: string): unknown {
    const text = this.#texts.get(file) ?? '';
    const before = this.problems.length;
    const value = loadYaml(text, ({ type, message, line, column }) => {
      const severity = type === 'duplicate-key' ? 'warning' : 'error';
      const code = type === 'duplicate-key' ? 'yaml-duplicate' : type === 'too-large' ? 'too-large' : 'yaml-fault';
      this.problems.push({ severity, code, message, where: { file, line, column } });
    });
    if (value === undefined && this.problems.length === before) {
      const message = 'The document is no YAML, or its aliases expand beyond the limit.';
      this.problems.push({ severity: 'error', code: 'not-yaml', message, where: { file, line: 1, column: 1 } });
    }
    const repeated = this.problems.length === before ? repeatedJsonKey(file, text) : undefined;
    if (repeated)
      this.problems.push({
        severity: 'warning',
        code: 'yaml-duplicate',
        message: 'A key occurs twice; the last one counts.',
        where: repeated,
      });
    return value;
  }

  where({ value, base }: LocatedValue, pointer: string, description: Description | string): Where {
    const positions = this.#positions.get(base) ?? textPositions(base, this.#texts.get(base) ?? '');
    this.#positions.set(base, positions);
    const own = typeof description === 'string' ? undefined : description.documents.pointerTo({ value, base });
    return positions(own ?? pointer);
  }

  #find(reference: string, from: string): string {
    if (REMOTE.test(reference)) {
      this.#reasons.set(reference, 'A contract reads files only: save the document beside this one.');
      return reference;
    }
    try {
      return this.open(decodedPath(reference), from);
    } catch (error) {
      if (!isLeakproofError(error)) throw error;
      this.#reasons.set(reference, error.message);
      return reference;
    }
  }
}

function decodedPath(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}
