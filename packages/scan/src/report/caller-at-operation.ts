import type { Attempt } from '../proof/compare.ts';

/** One kind of caller at one operation: `anonymous, us GET /api/me`. */
export function callerAtOperation({ attacker, owner, server, operation }: Attempt): string {
  const caller = attacker === 'anonymous' ? 'anonymous' : attacker === owner ? 'the owner' : 'a known caller';
  return `${caller}, ${server} ${operation}`;
}
