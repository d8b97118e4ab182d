import type { Cadence, Guarded } from '../../support/cadence.ts';
import { type Act, assertThat } from '../act.ts';
import { HttpClient } from '../http-client.ts';
import { type Loot, scrape } from '../scraper.ts';

export interface BudgetAct {
  readonly act: Act;
  readonly loot: Loot;
  /** `region id` of the scraper's own account. */
  readonly scraper: string;
}

/** ④ The scraper signs up, which is free, and starts again. */
export async function playBudget(cadence: Cadence, guarded: Guarded, members: number): Promise<BudgetAct> {
  const client = new HttpClient(guarded.guard.port);
  const signup = await client.send({
    host: 'api.us.lab.test',
    path: '/auth/signup',
    body: { username: 'scraper', password: 'as-free-as-air' },
  });
  const { token, user_id: own } = signup.json as { token: string; user_id: string };
  const { loot, requests, stoppedBy } = await scrape(client, { region: 'us', token });
  client.close();
  const scraper = `us ${own}`;
  const others = [...loot.people.keys()].filter((key) => key !== scraper).length;
  const max = cadence.file.contract.budgets[0]?.max ?? 0;
  return {
    loot,
    scraper,
    act: {
      number: 4,
      title: 'The scraper, now a member, exceeds the budget',
      story: 'Every single response is allowed. The number of people in them is not.',
      figures: [
        { label: `distinct people, of ${members} in the region`, value: String(others) },
        { label: 'the budget', value: String(max) },
        { label: 'requests until it was stopped', value: String(requests) },
        { label: 'status that stopped it', value: String(stoppedBy ?? 'none') },
      ],
      assertions: [
        assertThat('it was stopped', stoppedBy === 429, `by ${stoppedBy ?? 'nothing'}`),
        assertThat('it received data of no more people than the budget allows', others <= max, `${others} of ${max}`),
        assertThat('and of some before it was stopped', others > 0),
        assertThat('it received no weight', loot.withField('User.weight') === 0, String(loot.withField('User.weight'))),
      ],
    },
  };
}
