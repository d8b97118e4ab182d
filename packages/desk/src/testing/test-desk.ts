import { openStore } from '@leakproof/store';
import { onTestFinished } from 'vitest';
import { DEFAULT_POLICY } from '../clocks/policy.ts';
import type { DeskContext } from '../service/context.ts';
import { Desk } from '../service/desk.ts';

export interface TestDesk {
  readonly desk: Desk;
  /** Sets the clock. */
  readonly at: (time: string) => void;
}

/** A desk in memory, with a clock that the test sets. */
export async function testDesk(
  start: string,
  more: Partial<Omit<DeskContext, 'now' | 'store'>> = {},
): Promise<TestDesk> {
  let nowMs = Date.parse(start);
  const store = await openStore(':memory:');
  onTestFinished(() => store.close());
  const desk = new Desk({
    store,
    policy: DEFAULT_POLICY,
    program: {
      name: 'Cadence security',
      reporterUrl: 'https://report.example.org',
      staffUrl: 'http://127.0.0.1:8791',
      hasMail: true,
      rules: [],
    },
    channels: [],
    now: () => nowMs,
    ...more,
  });
  return { desk, at: (time) => (nowMs = Date.parse(time)) };
}

/** A valid proof of our schema; `finding`, one hexadecimal digit, tells its findings apart. */
export function proofOf(finding: string, ladder = 1): string {
  return JSON.stringify({
    'leakproof-proof': 1,
    contract: 'digest',
    finding: {
      id: finding,
      check: 'missing-authentication',
      severity: 'high',
      statement: 's',
      protocol: 'rest',
      operation: 'GET /api/user/{id}',
      relation: 'anyone',
      servers: ['us'],
      fields: ['User.weight'],
      records: [
        {
          id: `F-${finding.repeat(16)}`,
          rule: 'missing-authentication',
          method: 'GET',
          path: '/api/user/{}',
          host: 'rest',
          viewer: 'anyone',
          field: 'User.weight',
        },
      ],
      attackers: ['anonymous'],
      owners: ['pia'],
    },
    needs: [],
    requests: [],
    inputs: [],
    assertions: [],
    ladder: Array.from({ length: ladder }, () => ({
      server: 'us',
      protocol: 'rest',
      operation: 'GET /api/user/{id}',
      at: '/weight',
      resource: 'User',
      field: 'weight',
      owner: 'pia',
      verdicts: { proven: ['anonymous'] },
    })),
  });
}
