import { randomUUID } from 'node:crypto';
import { claimsOf, openAccounts } from './auth/accounts.ts';
import { type LabKeys, makeKeys, publishKeys } from './auth/keys.ts';
import { type Claims, flawedToken, tokenReader } from './auth/tokens.ts';
import { graphqlServer } from './graphql/serve-graphql.ts';
import { LabError } from './lab-error.ts';
import { identitiesOf, type LabIdentity } from './people/identities.ts';
import { serveRest } from './rest/serve-rest.ts';
import { stageNamed } from './rules/posture-of.ts';
import { type Protocol, REGIONS, type Stage } from './rules/stages.ts';
import { json } from './server/answered.ts';
import { close, type Desk, listen } from './server/front-desk.ts';
import { answerLookup } from './server/lookup.ts';
import { callerOf, channelOf, type Reception } from './server/reception.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import type { TokenFlaw } from './rules/posture.ts';
import { HOSTS } from './surface/hosts.ts';

export interface LabOptions {
  readonly seed?: number;
  /** Of the whole lab, half of them in each region. */
  readonly members?: number;
  readonly stage?: string | Stage;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly internalPort?: number;
  /** Built once there and served from disk; left out, all is held in memory. */
  readonly databaseFile?: string;
  readonly keys?: LabKeys;
  /** Milliseconds since 1970; tokens are dated by it. */
  readonly now?: () => number;
  /** 32 hex digits for sessions and new members; nobody can guess them unless this is given. */
  readonly randomId?: () => string;
}

/** A running lab. It listens on 127.0.0.1 alone. */
export interface Lab {
  /** All virtual hosts, told apart by `Host`: api.us.lab.test, api.uk.lab.test, gql.us.lab.test, gql.uk.lab.test. */
  readonly port: number;
  /** The origin's own back end: internal.us.lab.test, internal.uk.lab.test. */
  readonly internalPort: number;
  readonly keys: LabKeys;
  readonly identities: readonly LabIdentity[];
  readonly stage: Stage;
  /** Turns every switch at once; throws LP-LAB-STAGE. */
  setStage(stage: string | Stage): void;
  /** A token of that member that no service should take; throws LP-LAB-IDENTITY for a name nobody bears. */
  flawedToken(username: string, flaw: TokenFlaw): Promise<string>;
  /** Undoes every change made through the doors since the start. */
  reset(): void;
  close(): Promise<void>;
}

const DEFAULT_MEMBERS = 1000;
const LIMITS = { min: 100, max: 20_000_000 };

/** Builds the people, opens both doors and answers. Throws LP-LAB-STAGE, LP-LAB-MEMBERS, LP-LAB-DATA, LP-LAB-PORT. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const members = options.members ?? DEFAULT_MEMBERS;
  if (!Number.isInteger(members) || members < LIMITS.min || members > LIMITS.max) {
    throw new LabError('LP-LAB-MEMBERS', `${members} members cannot be made`);
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
  const serve: Readonly<Record<Protocol, (reception: Reception) => ReturnType<Desk>>> = {
    rest: serveRest,
    graphql: graphqlServer(),
  };

  const publicDesk: Desk = async ({ request, host, method, url, body }) => {
    const served = HOSTS.get(host);
    if (served === undefined) return json(404, { status: 404, error_code: 'NO_SUCH_HOST' });
    const { region, protocol } = served;
    const principal = await callerOf(request.headers, { tokens, accounts }, store, region);
    const asking = { store, region, channel: channelOf(request.headers), stage, principal };
    return serve[protocol]({ asking, accounts, jwks, headers: request.headers, method, url, body });
  };
  const internalDesk: Desk = async ({ host, method, url, body }) => {
    const region = REGIONS.find((each) => host === `internal.${each}.lab.test`);
    if (region === undefined || method !== 'POST' || url.pathname !== '/lookup')
      return json(404, { error: 'not found' });
    return answerLookup(store, region, body);
  };

  const front = await listen(options.port ?? 0, publicDesk);
  const back = await listen(options.internalPort ?? 0, internalDesk);
  return {
    port: front.port,
    internalPort: back.port,
    keys,
    identities: identitiesOf(store),
    get stage() {
      return stage;
    },
    setStage: (next) => {
      stage = stageOf(next);
    },
    flawedToken: (username, flaw) => flawedToken(flaw, keys, claimsNamed(store, username), nowSeconds()),
    reset: () => store.reset(),
    close: async () => {
      await Promise.all([close(front.server), close(back.server)]);
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
