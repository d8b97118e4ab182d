import { LeakproofError } from '@leakproof/core';
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { checkCalendar } from '../clocks/calendar.ts';
import { DEFAULT_POLICY, type Policy, ROLES } from '../clocks/policy.ts';
import { REGIMES } from '../clocks/regimes.ts';

const days = (fallback: number, description: string) =>
  z
    .int()
    .min(1)
    .max(3650)
    .default(fallback)
    .meta({ description: `${description} In days.` });
const Secret = z
  .union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })])
  .meta({ description: 'Where a secret is: an environment variable or a file. Never the secret itself.' });
const listen = (port: number) =>
  z
    .string()
    .regex(/^(?:\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i)
    .default(`127.0.0.1:${port}`)
    .meta({ description: 'host:port to listen on.' });
const Kinds = z.array(z.string()).optional().meta({ description: 'Kinds of events; default: all.' });
const Roles = z
  .array(z.enum(ROLES))
  .optional()
  .meta({ description: 'Roles of escalation steps; default: all, and events without a role.' });

/** `desk.yaml`. Every key has a default but those of a part that is used. */
export const DeskConfig = z.strictObject({
  leakproof: z.literal(1).default(1),
  name: z.string().min(1).max(100).default('Security desk').meta({ description: 'What the program calls itself.' }),
  database: z.string().default('desk.db').meta({ description: 'A file (SQLite), or a postgres:// URL.' }),
  reporter: z
    .strictObject({
      listen: listen(8790),
      url: z.url().optional().meta({ description: 'Origin by which reporters reach it.' }),
    })
    .prefault({}),
  staff: z
    .strictObject({
      listen: listen(8791),
      url: z.url().optional().meta({ description: 'Origin by which staff reach it.' }),
    })
    .prefault({}),
  trustedProxies: z.array(z.string()).default([]).meta({ description: 'Addresses whose X-Forwarded-For is believed.' }),
  policy: z
    .string()
    .optional()
    .meta({ description: 'File with the policy, plain text. Default: one made from the promises.' }),
  calendar: z
    .strictObject({
      timeZone: z.string().default('UTC').meta({ description: 'IANA time zone.' }),
      workdays: z.array(z.int().min(1).max(7)).default([1, 2, 3, 4, 5]).meta({ description: '1 is Monday.' }),
      holidays: z.array(z.string()).default([]).meta({ description: 'Dates such as 2026-12-25.' }),
    })
    .prefault({}),
  promises: z
    .strictObject({
      answerBusinessDays: z
        .int()
        .min(1)
        .max(10)
        .default(DEFAULT_POLICY.answerBusinessDays)
        .meta({ description: 'A person answers a message within so many business days.' }),
      assessDays: days(DEFAULT_POLICY.assessDays, 'A report is judged.'),
      hearDays: z
        .int()
        .min(1)
        .max(14)
        .default(DEFAULT_POLICY.hearDays)
        .meta({ description: 'A person writes at least this often while a case is ours. In days, at most 14.' }),
      replyDays: days(DEFAULT_POLICY.replyDays, 'A question pauses our clocks at most this long.'),
      deadlineDays: days(DEFAULT_POLICY.deadlineDays, 'The embargo ends.'),
      extensionDays: z
        .int()
        .min(0)
        .max(365)
        .default(DEFAULT_POLICY.extensionDays)
        .meta({ description: 'The most that both parties can add. In days.' }),
      headsUpDays: days(DEFAULT_POLICY.headsUpDays, 'Reminder before the embargo ends.'),
      fixDays: days(DEFAULT_POLICY.fixDays, 'Fix of a valid report without a priority.'),
    })
    .prefault({}),
  regimes: z
    .array(z.enum(REGIMES.map(({ id }) => id) as [string, ...string[]]))
    .default(DEFAULT_POLICY.regimes.map(({ id }) => id))
    .meta({ description: 'Duties to notify that have clocks. Not legal advice.' }),
  mail: z
    .strictObject({
      smtp: Secret.meta({ description: 'Where the URL of the mail server is: smtps://user:password@host.' }),
      from: z.string().meta({ description: 'Sender.' }),
      maildir: z.string().optional().meta({ description: 'A Maildir that is read for reports and answers.' }),
    })
    .optional(),
  webhooks: z
    .strictObject({
      secret: Secret,
      to: z.array(z.strictObject({ url: z.url(), kinds: Kinds, roles: Roles })).min(1),
    })
    .optional(),
  alerts: z
    .array(z.strictObject({ mail: z.string(), kinds: Kinds, roles: Roles }))
    .default([])
    .meta({ description: 'Mail for staff besides those with an address of their own.' }),
  channels: z
    .array(z.strictObject({ name: z.string().max(60), days: z.int().min(1).max(90).default(3) }))
    .default([])
    .meta({ description: 'Channels of security.txt that alarm when nobody opens them.' }),
  publisher: z
    .strictObject({ name: z.string(), namespace: z.url(), contact: z.string(), product: z.string() })
    .optional()
    .meta({ description: 'Who publishes advisories.' }),
  securityTxt: z
    .strictObject({
      hosts: z.array(z.string()).min(1).meta({ description: 'Exact hosts: each needs one of its own.' }),
      contact: z.array(z.string()).default([]).meta({ description: 'More contacts, as URIs, after the form.' }),
      encryption: z.array(z.string()).default([]),
      languages: z.array(z.string()).default(['en']),
      expiresDays: z.int().min(1).max(365).default(180),
      directory: z.string().optional().meta({ description: 'Signed files, HOST.txt: served instead of made ones.' }),
    })
    .optional(),
  retest: z
    .strictObject({
      contract: z.string(),
      identities: z.string(),
      resolve: z.array(z.string()).default([]),
      authorizedTarget: z
        .boolean()
        .default(false)
        .meta({ description: 'You may test these servers, which are not on this machine.' }),
      everyHours: z.int().min(1).max(8760).default(24).meta({ description: 'Every proof runs this often.' }),
    })
    .optional(),
  ledger: z
    .strictObject({
      log: z.string().meta({ description: "Directory of the guard's fact log." }),
      ownTokens: z
        .array(z.string())
        .default([])
        .meta({ description: 'Tokens of our own identities, which are not counted.' }),
    })
    .optional(),
  budgets: z
    .strictObject({
      write: z.strictObject({ burst: z.int().min(1).default(30), perHour: z.int().min(1).default(60) }).prefault({}),
      read: z.strictObject({ burst: z.int().min(1).default(300), perHour: z.int().min(1).default(6000) }).prefault({}),
    })
    .prefault({})
    .meta({ description: 'Attempts of one address (IPv6: one /64), refused beyond before anything is read.' }),
});

export type DeskConfig = z.output<typeof DeskConfig>;

/** Reads `desk.yaml`. Throws LP-DESK-CONFIG-INVALID with line and key. */
export function readConfig(text: string, file?: string): DeskConfig {
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) {
    const [position] = fault.linePos ?? [];
    throw invalid(fault.message.split('\n')[0] ?? 'It is not YAML.', {
      file,
      line: position?.line,
      column: position?.col,
    });
  }
  const parsed = DeskConfig.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not valid'}`, { file });
  }
  checkCalendar(parsed.data.calendar);
  return parsed.data;
}

function invalid(
  detail: string,
  where: { file?: string | undefined; line?: number | undefined; column?: number | undefined },
): LeakproofError {
  return new LeakproofError('LP-DESK-CONFIG-INVALID', detail, { where });
}

/** The policy of a configuration. */
export function policyOf({ calendar, promises, regimes }: DeskConfig): Policy {
  return { ...DEFAULT_POLICY, ...promises, calendar, regimes: REGIMES.filter(({ id }) => regimes.includes(id)) };
}

/** Throws LP-DESK-CONFIG-INVALID if there is none. */
export function readSecret(secret: z.output<typeof Secret>, env: Readonly<Record<string, string | undefined>>): string {
  const value = 'env' in secret ? env[secret.env] : readFile(secret.file);
  if (value === undefined || value.trim() === '') {
    const place = 'env' in secret ? `The variable ${secret.env}` : `The file ${secret.file}`;
    throw new LeakproofError('LP-DESK-CONFIG-INVALID', `${place} has no secret.`);
  }
  return value.trim();
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
