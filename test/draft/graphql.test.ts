import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Exchange } from '@leakproof/core';
import { loadContract } from '@leakproof/core/authoring';
import { draft } from '@leakproof/map';
import { buildInventory, readSource } from '@leakproof/sources';
import { expect, test } from 'vitest';

const HANDOUTS = resolve(import.meta.dirname, '../../examples/cadence');

test('the captures of the lab and its schema give a contract with GraphQL operations and types that compiles', async () => {
  const exchanges: Exchange[] = [];
  for (const file of ['web.har', 'mobile.har', 'device.har'])
    for await (const reading of readSource(resolve(HANDOUTS, file)))
      if (reading.type === 'exchange') exchanges.push(reading.exchange);
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  const schema = readFileSync(resolve(HANDOUTS, 'schema.graphql'), 'utf8');
  const drafted = draft({ exchanges, inventory: builder.finish(), schema });
  const { contract, problems } = loadContract('draft.yaml', (file) => ({
    file,
    text: file.endsWith('.graphql') ? (drafted.schema ?? '') : drafted.source,
  }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(contract?.operations.map(({ name }) => name)).toEqual(expect.arrayContaining(['Query.me', 'Query.user']));
  expect(contract?.resources[contract.types?.['User'] ?? 'User']?.owner).toEqual([{ kind: 'person', path: ['id'] }]);
});
