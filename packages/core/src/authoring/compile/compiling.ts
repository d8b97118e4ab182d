import type { Where } from '../../errors.ts';
import type { Problem, SourcePath } from '../read/document.ts';
import { nearest } from '../read/nearest.ts';
import type { ContractSource } from '../read/source.ts';
import type { ReadFile, Sources } from '../read/sources.ts';

/** What the parts of the compiler share: the source, its vocabulary, and the problems found so far. */
export class Compiling {
  readonly source: ContractSource;
  readonly read: ReadFile;
  readonly main: string;
  readonly problems: Problem[];
  readonly #sources: Sources;

  constructor(sources: Sources, source: ContractSource, read: ReadFile) {
    this.source = source;
    this.read = read;
    this.main = sources.main;
    this.problems = [...sources.problems];
    this.#sources = sources;
  }

  error(path: SourcePath, message: string, fix?: string): void {
    this.#add(path, { severity: 'error', message, fix });
  }

  /** An error in a file that the contract names. */
  errorAt(where: Where, message: string, fix?: string): void {
    this.problems.push({ severity: 'error', message, where, ...(fix === undefined ? {} : { fix }) });
  }

  warn(path: SourcePath, message: string, fix?: string): void {
    this.#add(path, { severity: 'warning', message, fix });
  }

  /** A warning with a code of docs/contract.md. */
  warnWithCode(path: SourcePath, { code, message, fix }: { code: string; message: string; fix: string }): void {
    this.problems.push({ severity: 'warning', code, message, where: this.#sources.where(path), fix });
  }

  /** True if `word` is one of `words`; else an error with the nearest right word. */
  knows(path: SourcePath, word: string, { what, words }: { what: string; words: Iterable<string> }): boolean {
    const list = [...new Set(words)];
    if (list.includes(word)) return true;
    const meant = nearest(word, list);
    const fix = meant ? `Did you mean "${meant}"?` : `Known: ${list.join(', ') || 'none yet'}.`;
    this.error(path, `There is no ${what} "${word}".`, fix);
    return false;
  }

  /** Every relation that may be named. */
  relations(): string[] {
    return [
      'anyone',
      'member',
      'self',
      'nobody',
      ...Object.keys(this.source.principals ?? {}),
      ...Object.keys(this.source.relations ?? {}),
    ];
  }

  /** Owner kinds; without a section, `person` is one. */
  ownerKinds(): Record<string, { subject: boolean }> {
    const kinds = this.source.owners ?? { person: { subject: true } };
    return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { subject: kind.subject ?? false }]));
  }

  /** The default owner kind: the only kind of person, or the only kind. */
  defaultKind(path: SourcePath): string {
    const kinds = Object.entries(this.ownerKinds());
    const people = kinds.filter(([, kind]) => kind.subject);
    const [only] = people.length === 1 ? people : kinds.length === 1 ? kinds : [];
    if (only) return only[0];
    this.error(path, 'There are several kinds of owner; name one.', 'Write [{ KIND: path }].');
    return kinds[0]?.[0] ?? 'person';
  }

  #add(path: SourcePath, problem: Omit<Problem, 'where' | 'fix'> & { readonly fix: string | undefined }): void {
    const { severity, message, fix } = problem;
    this.problems.push({ severity, message, where: this.#sources.where(path), ...(fix === undefined ? {} : { fix }) });
  }
}

export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** `a.b[].c`, `/a/b`, `a.*.c` as steps. */
export function stepsOf(path: string): string[] {
  if (path.startsWith('/'))
    return path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path
    .replaceAll('[]', '.*')
    .split('.')
    .filter((step) => step !== '');
}

/** A duration such as `5s` in milliseconds: a safe integer, since seven digits of days are. */
export function millisecondsOf(duration: string): number {
  const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
  const [, digits = '0', unit = 'ms'] = /^([0-9]+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  return Number(digits) * units[unit as keyof typeof units];
}
