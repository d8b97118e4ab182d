import { applyEvent, openCase } from '../cases/apply-event.ts';
import type { Case } from '../cases/case.ts';
import { type Command, decide, decideReporter, type ReporterAnswer } from '../cases/decide.ts';
import type { CaseEvent, EventBody, Report } from '../cases/event.ts';
import { tick, wakeOf } from '../clocks/tick.ts';
import { courtOf } from '../clocks/clocks.ts';
import { DEFAULT_POLICY, type Policy } from '../clocks/policy.ts';

/** One case and a clock that a test moves. Every step of time is taken at the moment it is due. */
export class Timeline {
  readonly events: CaseEvent[] = [];
  desk: Case;
  nowMs: number;
  readonly policy: Policy;
  constructor(at: string, report: Partial<Report> = {}, policy: Policy = DEFAULT_POLICY) {
    this.policy = policy;
    this.nowMs = Date.parse(at);
    const body = {
      kind: 'received',
      channel: 'form',
      arrivedMs: this.nowMs,
      title: 'T',
      text: 'x',
      ...report,
    } as const;
    this.events.push({ atMs: this.nowMs, actor: 'reporter', body });
    this.desk = openCase(body, policy);
  }

  /** Lets time pass, up to and including `at`. */
  until(at: string): this {
    const endMs = Date.parse(at);
    for (let wakeMs = wakeOf(this.desk, this.policy); wakeMs !== undefined && wakeMs <= endMs;) {
      this.nowMs = Math.max(this.nowMs, wakeMs);
      for (const event of tick(this.desk, this.nowMs, this.policy)) this.add(event);
      wakeMs = wakeOf(this.desk, this.policy);
    }
    this.nowMs = endMs;
    return this;
  }

  reporterWrites(text = 'Any news?'): this {
    return this.add({ atMs: this.nowMs, actor: 'reporter', body: { kind: 'reporter-message', text } });
  }

  reporterAnswers(answer: ReporterAnswer): this {
    return this.add({ atMs: this.nowMs, actor: 'reporter', body: decideReporter(this.desk, answer) });
  }

  staff(command: Command): this {
    return this.add({ atMs: this.nowMs, actor: 'staff:ann', body: decide(this.desk, command, this.policy) });
  }

  happens(body: EventBody): this {
    return this.add({ atMs: this.nowMs, actor: 'desk', body });
  }

  add(event: CaseEvent): this {
    this.events.push(event);
    this.desk = applyEvent(this.desk, event, this.policy);
    return this;
  }

  get court(): string {
    const court = courtOf(this.desk, this.policy);
    return court ? `${court.party} until ${iso(court.dueMs)}: ${court.clock.title}` : 'closed';
  }

  /** `missed` events as `date role: title`. */
  get missed(): string[] {
    return this.events.flatMap(({ atMs, body }) =>
      body.kind === 'missed' ? [`${iso(atMs).slice(0, 10)} ${body.role}: ${body.title}`] : [],
    );
  }
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
