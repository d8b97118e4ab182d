import type { LogRecord, TokenizedFacts } from '@leakproof/core';
import { access, DAY, end, HOUR_MS, token } from './ledger-directory.ts';

const FIELDS = ['id', 'age', 'weight', 'a,b', 'profile.city'];
const OPERATIONS = ['GET /users/{id}', 'GET /users', 'Query.user,Query.users'];

/** Records of some days, in the order of a log; the same for the same seed. Ends follow later, some never. */
export function randomRecords(seed: number, count: number, days = 3): LogRecord[] {
  let state = seed;
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  const some = (): string[] => FIELDS.filter(() => below(3) === 0);
  const records: LogRecord[] = [];
  const open: string[] = [];
  for (let index = 0; index < count; index++) {
    const time = DAY + Math.floor((index * days * 4) / count) * 6 * HOUR_MS + below(1000) * 100;
    const request = `request-${seed}-${index}`;
    const kind = below(10);
    if (kind === 0) {
      const principal = { kind: 'member', token: token(`p${below(5)}`) };
      const place = { server: 'us', operation: OPERATIONS[below(3)] };
      records.push({ type: 'refusal', time, request, ...place, principal, code: 'LP-CALLER-NOT-ALLOWED' });
      continue;
    }
    const facts = Array.from({ length: below(4) }, (): Partial<TokenizedFacts> => ({
      tokens: Array.from({ length: 1 + below(4) }, () => token(`o${below(40)}`)),
      resource: below(2) === 0 ? 'User' : 'Workout',
      relations: below(5) === 0 ? ['anyone', 'member', 'self'] : ['anyone', 'member'],
      seen: some(),
      exposed: below(3) === 0 ? some() : [],
      withheld: some(),
    }));
    const principal = below(6) === 0 ? { kind: 'anonymous' } : { kind: 'member', token: token(`p${below(5)}`) };
    const operation = OPERATIONS[below(3)] ?? '';
    records.push(access(request, facts, { time, principal, operation, server: below(4) === 0 ? 'uk' : 'us' }));
    if (below(6) > 0) open.push(request);
    if (open.length > below(6)) records.push(end(open.shift() ?? '', below(5) === 0 ? 'cut-off' : 'complete', time));
  }
  return records;
}
