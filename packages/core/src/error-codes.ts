/** What an error code means: `exit` is the process exit code it leads to (DESIGN: 2 usage, 3 inconclusive, 4 internal). */
export interface CodeEntry {
  readonly summary: string;
  /** What to do about it, when the thrower knows nothing better. */
  readonly fix: string;
  readonly exit: 2 | 3 | 4;
  readonly since: string;
  readonly retired?: string;
}

/** Every code the product can show, in one place. A retired code stays listed and is never used again. */
export const ERROR_CODES = {
  'LP-INTERNAL': {
    summary: 'A fault of Leakproof itself.',
    fix: 'Please report it with the command you ran; no personal data is needed.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-USAGE': {
    summary: 'The command line was not understood.',
    fix: 'Run the command with --help for examples.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-FILE-UNREADABLE': {
    summary: 'A file could not be read.',
    fix: 'Check the path and its permissions.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-JSON-INVALID': {
    summary: 'A body says JSON and is not strict JSON (RFC 8259, UTF-8, no duplicate keys).',
    fix: 'Mend the body at the position named; nothing of it was used.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-JSON-TOO-DEEP': {
    summary: 'A JSON body nests deeper than the limit.',
    fix: 'Raise the depth limit if the API really nests this deep.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-SOURCE-UNKNOWN': {
    summary: 'No reader knows the content of a source.',
    fix: 'Name its format with --as; `leakproof map readers` lists the formats.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-READER-UNKNOWN': {
    summary: 'No reader has this name.',
    fix: 'Use the name of a reader that exists.',
    exit: 2,
    since: '0.1.0',
  },
} as const satisfies Record<string, CodeEntry>;
