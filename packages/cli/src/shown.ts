import { styleText } from 'node:util';

/** How an inventory is shown: with styles or without, and cut short or, with `--all`, complete. What is cut is counted. */
export interface Shown {
  readonly bold: (text: string) => string;
  /** Names in one line. */
  readonly list: (most: number, names: readonly string[]) => string;
  /** Lines for each item. */
  readonly atMost: <T>(most: number, items: readonly T[], lines: (item: T) => readonly string[]) => readonly string[];
}

/** `more`: what shows the rest. */
export function shownOn(stream: NodeJS.WritableStream, all: boolean, more = '--all'): Shown {
  const rest = (count: number): string => `… ${count} more, ${more} shows them`;
  return {
    bold: (text) => styleText('bold', text, { stream }),
    list: (most, names) =>
      all || names.length <= most
        ? names.join(', ')
        : `${names.slice(0, most).join(', ')}, ${rest(names.length - most)}`,
    atMost: (most, items, lines) =>
      all || items.length <= most
        ? items.flatMap((item) => lines(item))
        : [...items.slice(0, most).flatMap((item) => lines(item)), `  ${rest(items.length - most)}`],
  };
}
