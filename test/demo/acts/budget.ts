import type { Cadence, Guarded } from '../../support/cadence.ts';
import { type Act, claim } from '../act.ts';
import { HttpClient } from '../http-client.ts';
import { type Loot, scrape } from '../scraper.ts';

export interface BudgetAct {
  readonly act: Act;
  readonly loot: Loot;
  /** `region id` of the scraper's own account. */
  readonly scraper: string;
}

/** ④ The scraper opens an account, as anybody may, and starts again. */
export async function playBudget(cadence: Cadence, guarded: Guarded, members: number): Promise<BudgetAct> {
  const client = new HttpClient(guarded.guard.port);
  const signedUp = await client.ask({
    host: 'api.us.lab.test',
    path: '/auth/signup',
    body: { username: 'scraper', password: 'as-free-as-air' },
  });
  const { token, user_id: own } = signedUp.json as { token: string; user_id: string };
  const { loot, requests, stoppedBy } = await scrape(client, 'us', token);
  client.close();
  const scraper = `us ${own}`;
  const others = [...loot.people.keys()].filter((key) => key !== scraper).length;
  const max = cadence.file.contract.budgets[0]?.max ?? 0;
  return {
    loot,
    scraper,
    act: {
      number: 4,
      title: 'The scraper, now a member, runs into the budget',
      story: 'Each answer it gets is one it may have. It is the number of people that is not.',
      figures: [
        { label: `distinct people, of ${members} in the region`, value: String(others) },
        { label: 'the budget', value: String(max) },
        { label: 'requests until it was stopped', value: String(requests) },
        { label: 'answer that stopped it', value: String(stoppedBy ?? 'none') },
      ],
      claims: [
        claim('it was stopped', stoppedBy === 429, `by ${stoppedBy ?? 'nothing'}`),
        claim('it never held more people than the budget allows', others <= max, `${others} of ${max}`),
        claim('and it had been let in until then', others > 0),
        claim(
          'of nobody did it get the weight',
          loot.withField('User.weight') === 0,
          String(loot.withField('User.weight')),
        ),
      ],
    },
  };
}
