import { loadContract, type Loaded } from '../authoring/compile/load-contract.ts';
import type { CompiledContract } from '../contract/compiled.ts';
import { LeakproofError } from '../errors.ts';

/** One server, members by JWT, persons: the vocabulary that most examples need. */
export const VOCABULARY = `
leakproof: 1
api: { servers: { one: { rest: 'http://api.example' } } }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, id: claims.sub, ids: person }
`;

/** Loads `contract.yaml` out of files that exist in memory only. */
export function load(text: string, files: Readonly<Record<string, string>> = {}): Loaded {
  const all: Readonly<Record<string, string>> = { ...files, 'contract.yaml': text };
  return loadContract('contract.yaml', (file) => {
    const found = Object.hasOwn(all, file) ? all[file] : undefined;
    if (found === undefined) throw new LeakproofError('LP-FILE-UNREADABLE', `There is no ${file}.`);
    return { file, text: found };
  });
}

/** The contract of `VOCABULARY` with more added to it; throws what is wrong with it. */
export function contractFrom(more: string, files?: Readonly<Record<string, string>>): CompiledContract {
  const text = /^leakproof:/m.test(more) ? more : VOCABULARY + more;
  const { contract, problems } = load(text, files);
  if (!contract)
    throw new Error(problems.map((each) => `${each.where.line}: ${each.message} ${each.fix ?? ''}`).join('\n'));
  return contract;
}
