import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { STAGES } from '../rules/drifts.ts';
import { openVisitor, type Visitor } from '../traffic/visitor.ts';
import { type CredentialCell, credentialOracle } from './credential-oracle.ts';

let lab: Lab;
let visitor: Visitor;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  visitor = openVisitor(lab.port);
});
afterAll(async () => {
  visitor.close();
  await lab.close();
});

const ME = { method: 'POST', path: '/graphql', body: { query: '{ me { username } }' } };

async function isAccepted({ host, operation, credential }: CredentialCell, guess: number): Promise<boolean> {
  const region = host.includes('.us.') ? 'us' : 'uk';
  if (credential === 'guessed-password') return isGuessed(host, guess);
  const name = region === 'us' ? 'pia' : 'pia_uk';
  const authorization = `Bearer ${await lab.flawedToken(name, credential)}`;
  const got = await visitor.ask(host, operation === 'Query.me' ? ME : { method: 'GET', path: '/api/me' }, {
    authorization,
  });
  return got.status === 200 && JSON.stringify(got.body).includes(name);
}

/** The right password of an ordinary account, after twelve wrong ones. */
async function isGuessed(host: string, guess: number): Promise<boolean> {
  const username = `guessed_${guess}`;
  const say = (path: string, password: string): ReturnType<Visitor['ask']> =>
    visitor.ask(host, { method: 'POST', path, body: { username, username_or_email: username, password } });
  await say('/auth/signup', 'right');
  for (let wrong = 0; wrong < 12; wrong++) await say('/auth/login', `wrong-${wrong}`);
  return (await say('/auth/login', 'right')).status === 200;
}

describe.each(STAGES.map(({ name }, place) => [name, place] as const))('in the stage %s', (stage, place) => {
  test('a credential that is no good opens exactly the doors the oracle says', async () => {
    lab.setStage(stage);
    const cells = credentialOracle({ stage });
    expect(cells).toHaveLength(18);
    for (const cell of cells) expect([cell, await isAccepted(cell, place)]).toEqual([cell, cell.accepted]);
  });
});

test('the oracle has credentials that are taken and credentials that are not', () => {
  const verdicts = STAGES.flatMap(({ name }) => credentialOracle({ stage: name })).map(
    ({ credential, accepted }) => `${credential} ${accepted}`,
  );
  expect(new Set(verdicts).size).toBe(10);
});
