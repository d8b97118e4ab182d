/** What an error code means: `exit` is the process exit code (docs/exit-codes.md): 2 usage, 3 inconclusive, 4 internal. */
export interface CodeEntry {
  readonly summary: string;
  /** Default advice, where the error itself has none. */
  readonly fix: string;
  readonly exit: 2 | 3 | 4;
  readonly since: string;
  readonly retired?: string;
}
