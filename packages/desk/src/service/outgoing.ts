import { type AlertRecord, type AlertRule, routeRecord } from '@leakproof/alert';
import type { EpochMs } from '@leakproof/core';
import type { OutboxRow, StaffRow } from '@leakproof/store';
import type { Case } from '../cases/case.ts';
import type { CaseEvent } from '../cases/event.ts';
import type { Court } from '../clocks/clocks.ts';
import { formatTime } from '../clocks/calendar.ts';
import { reporterText } from '../words/reporter-text.ts';
import type { DeskContext } from './context.ts';
import { newId } from './keys.ts';

/** What is stored of a message until it is delivered. */
export interface OutgoingBody {
  readonly subject: string;
  readonly text: string;
  readonly thread: string;
  readonly isAutomatic: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Subject {
  readonly id: string;
  readonly desk: Case;
  readonly court: Court | undefined;
  readonly staff: readonly StaffRow[];
}

/** Kinds that staff with a mail address hear of, without any rule. */
const STAFF_KINDS = new Set([
  'received',
  'reporter-message',
  'missed',
  'retest',
  'heads-up',
  'deadline-passed',
  'wait-ended',
]);

/** The messages that an event causes: to the reporter, and to whom the rules name. */
export function outgoing(event: CaseEvent, subject: Subject, context: DeskContext): readonly OutboxRow[] {
  return [...toReporter(event, subject, context), ...toStaff(event, subject, context)];
}

function toReporter(event: CaseEvent, { id, desk, court }: Subject, context: DeskContext): readonly OutboxRow[] {
  const { program, policy } = context;
  const target = desk.original.contact;
  if (!program.hasMail || target === undefined || event.actor === 'reporter') return [];
  const text = reporterText(event, policy.calendar);
  if (text === undefined) return [];
  const turn =
    court && court.party === 'us' ? `\n\nOur next answer is due by ${formatTime(policy.calendar, court.dueMs)}.` : '';
  const isPerson = event.body.kind === 'staff-message';
  if (desk.original.isWithoutAutomaticMail && !isPerson) return [];
  const signature = isPerson
    ? `\n\n${event.actor.slice('staff:'.length)}, ${program.name}`
    : `\n\n${program.name} (a program wrote this)`;
  const body: OutgoingBody = {
    subject: `[${id}] ${isPerson ? 'Answer to your report' : 'Your report'}`,
    text: `${text}${turn}\n\nAnswer to this mail, or at ${program.reporterUrl}/case with your return key.${signature}\n`,
    thread: id,
    isAutomatic: !isPerson,
    data: {},
  };
  return [row({ caseId: id, sink: 'mail', target, body, nowMs: context.now() })];
}

function toStaff(event: CaseEvent, { id, court, staff }: Subject, context: DeskContext): readonly OutboxRow[] {
  const { body } = event;
  const role = body.kind === 'missed' ? body.role : undefined;
  const summary = body.kind === 'missed' ? `missed: ${body.title} (step ${body.level}, ${role})` : body.kind;
  const due = court && { party: court.party, dueAt: new Date(court.dueMs).toISOString(), clock: court.clock.title };
  const record: AlertRecord = {
    kind: body.kind,
    role,
    caseId: id,
    atMs: event.atMs,
    summary,
    data: {
      kind: body.kind,
      case: id,
      at: new Date(event.atMs).toISOString(),
      ...due,
      ...(role === undefined ? {} : { role }),
      ...(body.kind === 'retest' ? { verdict: body.verdict, trigger: body.trigger } : {}),
    },
  };
  return routeRecord([...context.program.rules, ...staffRules(event, staff, context)], record).map(({ sink, target }) =>
    recordRow(record, { sink, target }, context),
  );
}

/** Staff with an address: those of the role of a step, and of the lower ones; everybody for what is no step. */
function staffRules(
  { body, actor }: CaseEvent,
  staff: readonly StaffRow[],
  { program }: DeskContext,
): readonly AlertRule[] {
  if (!program.hasMail || !STAFF_KINDS.has(body.kind)) return [];
  const isFor = ({ role, name }: StaffRow): boolean =>
    `staff:${name}` !== actor && (body.kind === 'missed' ? role === body.role : role !== 'executive');
  return staff.filter(isFor).flatMap(({ mail }) => (mail === null ? [] : [{ sink: 'mail', target: mail }]));
}

/** A message about a record, without text that a reporter wrote. */
export function recordRow(
  record: AlertRecord,
  to: Pick<AlertRule, 'sink' | 'target'>,
  context: DeskContext,
): OutboxRow {
  const { program } = context;
  const place = record.caseId === undefined ? program.staffUrl : `${program.staffUrl}/cases/${record.caseId}`;
  const body: OutgoingBody = {
    subject: `${record.caseId === undefined ? program.name : `[${record.caseId}]`} ${record.summary}`,
    text: `${record.summary}\n\n${Object.entries(record.data)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join('\n')}\n\n${place}\n`,
    thread: record.caseId ?? 'desk',
    isAutomatic: true,
    data: record.data,
  };
  return row({ caseId: record.caseId ?? null, ...to, body, nowMs: context.now() });
}

function row(of: {
  readonly caseId: string | null;
  readonly sink: string;
  readonly target: string;
  readonly body: OutgoingBody;
  readonly nowMs: EpochMs;
}): OutboxRow {
  const { caseId, sink, target, body, nowMs } = of;
  const message = JSON.stringify(body);
  return {
    id: newId(),
    caseId,
    sink,
    target,
    body: message,
    madeMs: nowMs,
    nextMs: nowMs,
    attempts: 0,
    state: 'queued',
    error: null,
  };
}
