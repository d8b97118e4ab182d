import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** Where a file says something of an operation: 1 for an operation that it does not name. */
export type LineOfOperation = (operation: string) => number;

/** The lines of the operations of a contract's source, which is YAML or JSON. An unreadable source has one line. */
export function operationLines(source: string): LineOfOperation {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, logLevel: 'silent' });
  const operations = document.get('operations', true);
  const found = new Map<string, number>();
  if (isMap(operations)) {
    for (const { key } of operations.items)
      if (isScalar(key) && key.range) found.set(String(key.value), lines.linePos(key.range[0]).line);
  }
  return (operation) => found.get(operation) ?? 1;
}
