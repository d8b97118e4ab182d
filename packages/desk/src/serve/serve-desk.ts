import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AlertRule, Sink } from '@leakproof/alert';
import type { EpochMs } from '@leakproof/core';
import type { ScanOptions } from '@leakproof/scan';
import { openStore } from '@leakproof/store';
import { ledgerAccount } from '../account/ledger-account.ts';
import { exportAdvisory } from '../advisory/export-advisory.ts';
import { type DeskConfig, policyOf, readSecret } from '../config/config.ts';
import { policyText } from '../config/policy-text.ts';
import { Budget } from '../intake/budget.ts';
import { casesWith } from '../register/status.ts';
import { scanReplay } from '../retest/scan-replay.ts';
import type { DeskContext } from '../service/context.ts';
import { deliverDue } from '../service/deliver.ts';
import { Desk } from '../service/desk.ts';
import { keyHash, newKey } from '../service/keys.ts';
import { reporterServer } from '../web/reporter/reporter-server.ts';
import { staffServer } from '../web/staff/staff-server.ts';
import { readMaildir } from './read-maildir.ts';
import { securityTxtFor } from './security-txt-for.ts';

export interface ServeOptions {
  readonly now?: (() => EpochMs) | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Reads contract and identities of `retest`, at each replay. */
  readonly scanOptions?: (() => Promise<ScanOptions>) | undefined;
  /** `Resource.field` → data class, for the account. */
  readonly classes?: Readonly<Record<string, string>> | undefined;
  readonly onProblem?: ((problem: string) => void) | undefined;
  readonly everyMs?: number | undefined;
}

export interface RunningDesk {
  readonly desk: Desk;
  readonly reporterUrl: string;
  readonly staffUrl: string;
  /** The key of the first member of the staff, when there was none. */
  readonly firstKey: string | undefined;
  /** Everything that is due now: clocks, mail, messages, scheduled retests. */
  work(): Promise<void>;
  close(): Promise<void>;
}

const EVERY_MS = 15_000;
const HOUR_MS = 3_600_000;

/** Starts both realms. Throws LP-STORE-*, LP-DESK-CONFIG-INVALID, and what listening throws. */
export async function serveDesk(config: DeskConfig, options: ServeOptions = {}): Promise<RunningDesk> {
  const { now = Date.now, onProblem = () => undefined } = options;
  const opened = await openDesk(config, options);
  const { desk, sinks, urls } = opened;
  const { context } = desk;
  const firstKey = await firstStaff(desk);
  const problem = (error: unknown): void => onProblem(error instanceof Error ? error.message : String(error));
  const budget = (realm: 'read' | 'write'): Budget => new Budget({ ...config.budgets[realm], now });
  const common = { desk, name: config.name, trustedProxies: config.trustedProxies, onInternalError: problem };
  const reporter = reporterServer({
    ...common,
    origin: urls.reporter,
    budgets: { read: budget('read'), write: budget('write') },
    policyText:
      config.policy === undefined
        ? policyText(config.name, context.policy, urls.reporter)
        : readFileSync(config.policy, 'utf8'),
    securityTxt: (host) => securityTxtFor(config, host, { nowMs: now(), reporterUrl: urls.reporter }),
    published: (name) => publishedAdvisory(name, desk, config),
  });
  const staff = staffServer({
    ...common,
    origin: urls.staff,
    budgets: { read: budget('read'), write: budget('write') },
    advisory: { publisher: config.publisher },
  });
  const listening = await Promise.all([
    reporter.listen(listenAt(config.reporter.listen)),
    staff.listen(listenAt(config.staff.listen)),
  ]);
  await desk.retests.recover();

  let working: Promise<void> | undefined;
  const workOnce = async (): Promise<void> => {
    await desk.passTime();
    const maildir = config.mail?.maildir;
    if (maildir !== undefined)
      await readMaildir(maildir, desk, (file, error) => onProblem(`${file}: ${String(error)}`));
    await scheduledRetests(desk, config, now());
    await recount(desk, now());
    while ((await deliverDue(sinks, context)) > 0);
  };
  const work = (): Promise<void> => (working ??= workOnce().finally(() => (working = undefined)));
  const timer = setInterval(() => void work().catch(problem), options.everyMs ?? EVERY_MS);
  return {
    desk,
    reporterUrl: listening[0],
    staffUrl: listening[1],
    firstKey,
    work,
    close: async () => {
      clearInterval(timer);
      await Promise.all([reporter.close(), staff.close()]);
      await working?.catch(problem);
      await desk.retests.idle();
      await opened.close();
    },
  };
}

export interface OpenedDesk {
  readonly desk: Desk;
  readonly sinks: Readonly<Record<string, Sink>>;
  readonly urls: { readonly reporter: string; readonly staff: string };
  close(): Promise<void>;
}

/** The desk of a configuration, without servers: for the command line. */
export async function openDesk(config: DeskConfig, options: ServeOptions = {}): Promise<OpenedDesk> {
  const { now = Date.now, env = process.env } = options;
  const urls = { reporter: originOf(config.reporter), staff: originOf(config.staff) };
  const sinks = await sinksOf(config, { env, now });
  const store = await openStore(config.database);
  const context: DeskContext = {
    store,
    policy: policyOf(config),
    program: {
      name: config.name,
      reporterUrl: urls.reporter,
      staffUrl: urls.staff,
      hasMail: config.mail !== undefined,
      rules: rulesOf(config),
    },
    channels: config.channels,
    now,
    replayProof: options.scanOptions && scanReplay(options.scanOptions),
    countExposed:
      config.ledger &&
      ledgerAccount({
        directory: config.ledger.log,
        ownTokens: config.ledger.ownTokens,
        classes: options.classes ?? {},
        now,
      }),
  };
  return { desk: new Desk(context), sinks, urls, close: () => store.close() };
}

async function sinksOf(
  config: DeskConfig,
  { env, now }: { readonly env: Readonly<Record<string, string | undefined>>; readonly now: () => EpochMs },
): Promise<Record<string, Sink>> {
  if (!config.mail && !config.webhooks) return {};
  const { mailSink, webhookSink } = await import('@leakproof/alert');
  return {
    ...(config.mail ? { mail: mailSink({ url: readSecret(config.mail.smtp, env), from: config.mail.from }) } : {}),
    ...(config.webhooks ? { webhook: webhookSink({ secret: readSecret(config.webhooks.secret, env), now }) } : {}),
  };
}

function rulesOf({ alerts, webhooks }: DeskConfig): readonly AlertRule[] {
  return [
    ...alerts.map(({ mail, kinds, roles }) => ({ sink: 'mail', target: mail, kinds, roles })),
    ...(webhooks?.to ?? []).map(({ url, kinds, roles }) => ({ sink: 'webhook', target: url, kinds, roles })),
  ];
}

/** Makes a member of the staff if there is none. Returns its key, which is not kept. */
async function firstStaff({ context }: Desk): Promise<string | undefined> {
  const { rows } = context.store;
  if ((await rows.staff()).length > 0) return undefined;
  const key = newKey();
  await rows.putStaff({ name: 'first', role: 'lead', keyHash: keyHash(key), mail: null });
  return key;
}

/** Retests when their time has come, and when the contract has changed. */
async function scheduledRetests(desk: Desk, { retest }: DeskConfig, nowMs: EpochMs): Promise<void> {
  if (!retest) return;
  const { rows } = desk.context.store;
  const digest = createHash('sha256').update(readFileSync(retest.contract)).digest('hex');
  const before = await rows.setting('contract');
  if (before !== digest) {
    await rows.set('contract', digest);
    if (before !== undefined) await desk.retests.enqueueAll('contract');
  }
  const lastMs = Number((await rows.setting('retest')) ?? 0);
  if (nowMs - lastMs < retest.everyHours * HOUR_MS) return;
  await rows.set('retest', String(nowMs));
  if (lastMs > 0) await desk.retests.enqueueAll('schedule');
}

/** Once a day, counts again what was counted before: a judgement of "no breach" holds for no more than it relied on. */
async function recount(desk: Desk, nowMs: EpochMs): Promise<void> {
  const { countExposed, store } = desk.context;
  if (!countExposed) return;
  const lastMs = Number((await store.rows.setting('recount')) ?? 0);
  if (nowMs - lastMs < 24 * HOUR_MS) return;
  await store.rows.set('recount', String(nowMs));
  for (const { id } of await casesWith('count', desk.context)) await desk.count(id);
}

async function publishedAdvisory(
  name: string,
  desk: Desk,
  { publisher }: DeskConfig,
): Promise<{ readonly type: string; readonly content: string } | undefined> {
  const [, advisory, extension] = /^([\w.-]{1,60})\.(json|md)$/.exec(name) ?? [];
  const found = (await casesWith('published', desk.context)).find(
    ({ desk: each }) => each.publishedMs !== undefined && each.advisory === advisory,
  );
  if (!found) return undefined;
  return exportAdvisory(found.id, extension === 'md' ? 'advisory.md' : 'csaf.json', { desk, publisher });
}

function originOf({ listen, url }: DeskConfig['reporter']): string {
  return url === undefined ? `http://${listen}` : new URL(url).origin;
}

function listenAt(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}
