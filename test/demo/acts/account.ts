import { account } from '@leakproof/ledger';
import type { Guarded } from '../../support/cadence.ts';
import { type Act, assertThat } from '../act.ts';
import type { BudgetAct } from './budget.ts';

/** ⑤ Whose data went to whom: the account of the log, compared with what the scraper received. */
export function playAccount(guarded: Guarded, { loot, scraper }: BudgetAct): Act {
  const token = tokenOf(guarded, scraper);
  const result = account(guarded.logDirectory);
  const mine = result.principals.find(({ principal }) => principal.token === token);
  const accounted = new Set(
    (mine?.fields ?? []).flatMap(({ resource, field, seen, exposed }) =>
      [...seen, ...exposed].map((owner) => `${owner} ${resource}.${field}`),
    ),
  );
  const received = new Set(
    [...loot.people].flatMap(([person, fields]) =>
      [...fields].map((field) => `person:${tokenOf(guarded, person)} ${field}`),
    ),
  );
  const unaccounted = [...received].filter((each) => !accounted.has(each));
  const notReceived = [...accounted].filter((each) => !received.has(each));
  const widest = [...(mine?.fields ?? [])].sort((a, b) => b.seen.size - a.seen.size)[0];
  return {
    number: 5,
    title: 'The account names what the scraper received',
    story:
      'Field names and keyed tokens, no values: enough to know within an hour who was exposed, to whom, and with which fields.',
    figures: [
      { label: 'people whose data went to the scraper', value: String(mine?.others.size ?? 0) },
      { label: 'field of most people', value: widest ? `${widest.resource}.${widest.field}` : 'none' },
      { label: 'disclosures on the account (person × field)', value: String(accounted.size) },
      { label: 'of them received by the scraper', value: String(received.size) },
    ],
    assertions: [
      assertThat(
        'everything it received is on the account',
        received.size > 0 && unaccounted.length === 0,
        `${unaccounted.length} are not: ${unaccounted.slice(0, 3).join(' · ')}`,
      ),
      assertThat(
        'nothing else is on the account',
        notReceived.length === 0,
        `${notReceived.length} were not: ${notReceived.slice(0, 3).join(' · ')}`,
      ),
      assertThat(
        'nothing is marked as forbidden',
        (mine?.fields ?? []).every(({ exposed }) => exposed.size === 0),
      ),
      assertThat('every response was judged', Object.keys(result.gaps).length === 0),
    ],
  };
}

function tokenOf({ tokenize }: Guarded, person: string): string {
  const [space = '', id = ''] = person.split(' ');
  return tokenize({ kind: 'person', space, id });
}
