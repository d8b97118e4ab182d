import type { CorpusCase } from './corpus-case.ts';
import { AUTHORIZATION } from './cases/authorization.ts';
import { CALLERS } from './cases/callers.ts';
import { ENCODING } from './cases/encoding.ts';
import { FRAMING } from './cases/framing.ts';
import { HEADERS } from './cases/headers.ts';
import { HTTP } from './cases/http.ts';
import { JSON_BODIES } from './cases/json.ts';
import { LAWS } from './cases/laws.ts';
import { RESOURCES } from './cases/resources.ts';
import { TARGET } from './cases/target.ts';

/** All cases, in the order of docs/pitfalls.md. */
export const CORPUS: readonly CorpusCase[] = [
  ...LAWS,
  ...FRAMING,
  ...TARGET,
  ...HEADERS,
  ...ENCODING,
  ...JSON_BODIES,
  ...HTTP,
  ...AUTHORIZATION,
  ...CALLERS,
  ...RESOURCES,
];
