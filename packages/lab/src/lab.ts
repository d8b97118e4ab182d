import { randomUUID } from 'node:crypto';
import { claimsOf, openAccounts } from './auth/accounts.ts';
import { type LabKeys, makeKeys, publishKeys } from './auth/keys.ts';
import { type Claims, flawedToken, tokenReader } from './auth/tokens.ts';
import { graphqlServer } from './graphql/serve-graphql.ts';
import { LabError } from './lab-error.ts';
import { identitiesOf, type LabIdentity } from './people/identities.ts';
import { serveRest } from './rest/serve-rest.ts';
import { stageNamed } from './rules/named-stages.ts';
import { type Protocol, REGIONS, type Stage } from './rules/stage.ts';
import { json } from './server/http-response.ts';
import { close, type RequestHandler, listen } from './server/http-server.ts';
import { answerLookup } from './server/lookup.ts';
import { callerOf, channelOf, type ReceivedRequest } from './server/received-request.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import type { TokenFlaw } from './rules/posture.ts';
import { HOSTS } from './surface/hosts.ts';

export interface LabOptions {
  readonly seed?: number;
  /** In the whole lab, half of them in each region. Default 1,000. */
  readonly members?: number;
  readonly stage?: string | Stage;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly internalPort?: number;
  /** Built at first use and then served from disk. Default: everything in memory. */
  readonly databaseFile?: string;
  readonly keys?: LabKeys;
  /** Milliseconds since 1970, for the times in tokens. */
  readonly now?: () => number;
  /** 32 hex digits for ids of sessions and new members. Default: random. */
  readonly randomId?: () => string;
}

/** A running lab. It listens on 127.0.0.1 only. */
export interface Lab {
  /** Port of all public virtual hosts: api.us.lab.test, api.uk.lab.test, gql.us.lab.test, gql.uk.lab.test. */
  readonly port: number;
  /** Port of the origin's internal service: internal.us.lab.test, internal.uk.lab.test. */
  readonly internalPort: number;
  readonly keys: LabKeys;
  readonly identities: readonly LabIdentity[];
  readonly stage: Stage;
  /** Throws LP-LAB-STAGE. */
  setStage(stage: string | Stage): void;
  /** A token of that member that no service should accept. Throws LP-LAB-IDENTITY if there is no such member. */
  flawedToken(username: string, flaw: TokenFlaw): Promise<string>;
  /** Undoes every change that requests made since the start. */
  reset(): void;
  close(): Promise<void>;
}

const DEFAULT_MEMBERS = 1000;
const LIMITS = { min: 100, max: 20_000_000 };

/** Fills the store and starts the public and the internal server. Throws LP-LAB-STAGE, LP-LAB-MEMBERS, LP-LAB-DATA, LP-LAB-PORT. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const members = options.members ?? DEFAULT_MEMBERS;
  if (!Number.isInteger(members) || members < LIMITS.min || members > LIMITS.max) {
    throw new LabError('LP-LAB-MEMBERS', `${members} is not a possible number of members`);
  }
  let stage = stageOf(options.stage ?? 'open');
  const now = options.now ?? Date.now;
  const nowSeconds = (): number => Math.floor(now() / 1000);
  const store = openStore({ seed: options.seed ?? 1, perRegion: Math.floor(members / 2), file: options.databaseFile });
  const keys = options.keys ?? (await makeKeys());
  const randomId = options.randomId ?? ((): string => randomUUID().replaceAll('-', ''));
  const accounts = openAccounts({ store, keys, nowSeconds, randomId });
  const tokens = tokenReader(keys, nowSeconds);
  const jwks = await publishKeys(keys);
  const serve: Readonly<Record<Protocol, (request: ReceivedRequest) => ReturnType<RequestHandler>>> = {
    rest: serveRest,
    graphql: graphqlServer(),
  };

  const servePublic: RequestHandler = async ({ request, host, method, url, body }) => {
    const served = HOSTS.get(host);
    if (served === undefined) return json(404, { status: 404, error_code: 'NO_SUCH_HOST' });
    const { region, protocol } = served;
    const principal = await callerOf(request.headers, { tokens, accounts, store, region });
    const context = { store, region, channel: channelOf(request.headers), stage, principal };
    return serve[protocol]({ context, accounts, jwks, headers: request.headers, method, url, body });
  };
  const serveInternal: RequestHandler = async ({ host, method, url, body }) => {
    const region = REGIONS.find((each) => host === `internal.${each}.lab.test`);
    if (region === undefined || method !== 'POST' || url.pathname !== '/lookup')
      return json(404, { error: 'not found' });
    return answerLookup(store, region, body);
  };

  const publicServer = await listen(options.port ?? 0, servePublic);
  const internalServer = await listen(options.internalPort ?? 0, serveInternal);
  return {
    port: publicServer.port,
    internalPort: internalServer.port,
    keys,
    identities: identitiesOf(store),
    get stage() {
      return stage;
    },
    setStage: (next) => {
      stage = stageOf(next);
    },
    flawedToken: (username, flaw) =>
      flawedToken(flaw, { keys, claims: claimsNamed(store, username), nowSeconds: nowSeconds() }),
    reset: () => store.reset(),
    close: async () => {
      await Promise.all([close(publicServer.server), close(internalServer.server)]);
      store.close();
    },
  };
}

function claimsNamed(store: Store, username: string): Claims {
  const member = REGIONS.map((region) => store.memberByName(region, username)).find((each) => each !== undefined);
  if (member === undefined) throw new LabError('LP-LAB-IDENTITY', `no member is called ${username}`);
  return claimsOf(member);
}

const stageOf = (stage: string | Stage): Stage => (typeof stage === 'string' ? stageNamed(stage) : stage);
