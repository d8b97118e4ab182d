import type { Sink } from '@leakproof/alert';
import { isLeakproofError } from '@leakproof/core';
import type { OutboxRow } from '@leakproof/store';
import type { DeskContext } from './context.ts';
import { changeCase } from './change-case.ts';
import type { OutgoingBody } from './outgoing.ts';

const MINUTE_MS = 60_000;
/** Waits after each failure, in minutes. After the last, a message is given up and the case says so. */
const RETRY_MINUTES = [1, 5, 30, 120, 360, 720, 1440, 1440] as const;
const BATCH = 50;

/** Sends what is due. A message may be sent twice if the process dies in between; its id is the same. Returns how many were sent. */
export async function deliverDue(sinks: Readonly<Record<string, Sink>>, context: DeskContext): Promise<number> {
  const { rows } = context.store;
  let sent = 0;
  for (const message of await rows.dueMessages(context.now(), BATCH)) {
    const failure = await send(message, sinks);
    if (failure === undefined) {
      await rows.setMessage(message.id, { state: 'sent', attempts: message.attempts + 1, error: null });
      sent++;
    } else await retryLater(message, failure, context);
  }
  return sent;
}

async function send(
  { id, sink: name, target, body }: OutboxRow,
  sinks: Readonly<Record<string, Sink>>,
): Promise<string | undefined> {
  const sink = sinks[name];
  if (!sink) return `No ${name} is configured.`;
  try {
    await sink.deliver({ id, target, ...(JSON.parse(body) as OutgoingBody) });
    return undefined;
  } catch (error) {
    return isLeakproofError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

async function retryLater(
  { id, attempts, caseId, sink, madeMs }: OutboxRow,
  error: string,
  context: DeskContext,
): Promise<void> {
  const minutes = RETRY_MINUTES[attempts];
  const nextMs = context.now() + (minutes ?? 0) * MINUTE_MS;
  const state = minutes === undefined ? 'failed' : 'queued';
  await context.store.rows.setMessage(id, { attempts: attempts + 1, error: error.slice(0, 500), state, nextMs });
  if (state === 'queued' || caseId === null) return;
  const text = `A message by ${sink} of ${new Date(madeMs).toISOString()} was given up: ${error.slice(0, 300)}`;
  await changeCase(caseId, () => [{ actor: 'desk', body: { kind: 'note', text } }], context);
}
