import { decodeRecord } from '@leakproof/core';
import { account, type PrincipalAccount } from '@leakproof/ledger';
import { readLog, verifyLog } from '@leakproof/log';
import type { ClientLog, ClientLogs } from './client-logs.ts';
import { follows } from './people-origin.ts';

/** Contradictions between the guard's log and the clients' logs. Empty: everything received is recorded, and recorded once. */
export function compareWithLog(directory: string, logs: ClientLogs): readonly string[] {
  const { principals, gaps, unread } = account(directory);
  const accounts = new Map(principals.map((each) => [each.principal.token, each]));
  const breaks = verifyLog(directory).breaks.filter(({ why }) => why !== 'torn');
  return [
    ...[...logs.clients].flatMap(([sub, log]) => compareClient(sub, log, accounts.get(sub))),
    ...principals
      .filter(({ principal }) => !logs.clients.has(principal.token ?? ''))
      .map(() => 'the log has an unknown principal'),
    ...Object.keys(gaps).map((code) => `a gap: ${code}`),
    ...(unread.damaged + unread.unknownRecords > 0 ? ['a part of the log cannot be read'] : []),
    ...breaks.map(({ why }) => `the log is broken: ${why}`),
    ...repetitionsIn(directory),
  ];
}

function compareClient(sub: string, log: ClientLog, recorded: PrincipalAccount | undefined): readonly string[] {
  const faults: string[] = log.inRefusals.map((value) => `${sub} received ${value} in a refusal`);
  for (const [field, owners] of log.received) {
    const row = recorded?.fields.find((each) => each.field === field);
    for (const owner of owners) {
      if (!row?.seen.has(`person:${owner}`)) faults.push(`${sub} received ${field} of ${owner}, which is not recorded`);
      if (field === 'password' || (field === 'email' && !follows(sub, owner) && sub !== owner))
        faults.push(`${sub} received ${field} of ${owner}, which is forbidden`);
    }
  }
  for (const owner of recorded?.owners ?? []) {
    if (!log.asked.has(owner.slice('person:'.length)))
      faults.push(`${sub} is recorded with ${owner}, and never asked for it`);
  }
  const { complete, cutOff, unfinished } = recorded?.responses ?? { complete: 0, cutOff: 0, unfinished: 0 };
  if (log.complete > complete + unfinished)
    faults.push(`${sub}: ${log.complete} complete responses, ${complete + unfinished} recorded`);
  if (complete + cutOff + unfinished > log.requests) faults.push(`${sub}: more responses recorded than requests`);
  return faults;
}

/** Facts and ends that are recorded more than once for one request, and records after its end. */
function repetitionsIn(directory: string): readonly string[] {
  const repeated: string[] = [];
  const facts = new Map<string, Set<string>>();
  const ended = new Set<string>();
  for (const frame of readLog(directory)) {
    if (frame.kind !== 'facts') continue;
    const record = decodeRecord(frame.payload);
    if (record.type !== 'access' && record.type !== 'end') continue;
    for (const request of record.type === 'end' ? record.requests : [record.request]) {
      if (ended.has(request)) repeated.push(`a second ${record.type} after the end of a request`);
    }
    if (record.type === 'end') {
      for (const request of record.requests) {
        ended.add(request);
        facts.delete(request);
      }
      continue;
    }
    const known = facts.get(record.request) ?? new Set();
    facts.set(record.request, known);
    for (const { owner, tokens, resource, seen } of record.facts) {
      for (const [token, field] of tokens.flatMap((each) => seen.map((name) => [each, name] as const))) {
        const key = `${resource}.${field} of ${owner}:${token}`;
        if (known.has(key)) repeated.push(`twice in one response: ${key}`);
        known.add(key);
      }
    }
  }
  return repeated;
}
