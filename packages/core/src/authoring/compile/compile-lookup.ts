import type { Lookup } from '../../contract/compiled.ts';
import type { SourcePath } from '../read/document.ts';
import { type Compiling, millisecondsOf } from './compiling.ts';

export function lookup(
  compiling: Compiling,
  path: SourcePath,
  rule: { lookup?: string | undefined; cache?: string | undefined; until?: string | undefined },
): { lookup?: Lookup } {
  if (rule.lookup === undefined) return {};
  const [, target] = /^POST (\/\S*)$/.exec(rule.lookup) ?? [];
  if (target === undefined) compiling.error(path, 'A lookup is a POST of its own.', 'Write "POST /internal/lookup".');
  return {
    lookup: {
      method: 'POST',
      path: target ?? '/',
      cacheMs: rule.cache === undefined ? 0 : millisecondsOf(rule.cache),
      ...(rule.until === undefined ? {} : { until: rule.until }),
    },
  };
}
