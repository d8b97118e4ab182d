import type { Try } from '../proof/compare.ts';

/** One kind of caller at one door: `anonymous, us GET /api/me`. */
export function nearestPlace({ attacker, owner, server, operation }: Try): string {
  const caller = attacker === 'anonymous' ? 'anonymous' : attacker === owner ? 'the owner' : 'a known caller';
  return `${caller}, ${server} ${operation}`;
}
