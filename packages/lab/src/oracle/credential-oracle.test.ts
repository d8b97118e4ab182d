import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { STAGES } from '../rules/named-stages.ts';
import { openLabClient, type LabClient } from '../traffic/lab-client.ts';
import { type CredentialCell, credentialOracle } from './credential-oracle.ts';

let lab: Lab;
let client: LabClient;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  client = openLabClient(lab.port);
});
afterAll(async () => {
  client.close();
  await lab.close();
});

const ME = { method: 'POST', path: '/graphql', body: { query: '{ me { username } }' } };

async function isAccepted({ host, operation, credential }: CredentialCell, guess: number): Promise<boolean> {
  const region = host.includes('.us.') ? 'us' : 'uk';
  if (credential === 'guessed-password') return isGuessed(host, guess);
  const name = region === 'us' ? 'pia' : 'pia_uk';
  const authorization = `Bearer ${await lab.flawedToken(name, credential)}`;
  const response = await client.send(host, operation === 'Query.me' ? ME : { method: 'GET', path: '/api/me' }, {
    authorization,
  });
  return response.status === 200 && JSON.stringify(response.body).includes(name);
}

/** Sends the right password of an ordinary account after twelve wrong ones. */
async function isGuessed(host: string, guess: number): Promise<boolean> {
  const username = `guessed_${guess}`;
  const post = (path: string, password: string): ReturnType<LabClient['send']> =>
    client.send(host, { method: 'POST', path, body: { username, username_or_email: username, password } });
  await post('/auth/signup', 'right');
  for (let wrong = 0; wrong < 12; wrong++) await post('/auth/login', `wrong-${wrong}`);
  return (await post('/auth/login', 'right')).status === 200;
}

describe.each(STAGES.map(({ name }, index) => [name, index] as const))('in the stage %s', (stage, index) => {
  test('an invalid credential is accepted by exactly the operations that the oracle names', async () => {
    lab.setStage(stage);
    const cells = credentialOracle({ stage });
    expect(cells).toHaveLength(18);
    for (const cell of cells) expect([cell, await isAccepted(cell, index)]).toEqual([cell, cell.accepted]);
  });
});

test('every kind of credential is accepted in some stage and rejected in another', () => {
  const verdicts = STAGES.flatMap(({ name }) => credentialOracle({ stage: name })).map(
    ({ credential, accepted }) => `${credential} ${accepted}`,
  );
  expect(new Set(verdicts).size).toBe(10);
});
