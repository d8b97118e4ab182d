import { decodeRecord } from '@leakproof/core';
import { account, type PrincipalAccount } from '@leakproof/ledger';
import { readLog, verifyLog } from '@leakproof/log';
import type { Ledger, Told } from './client-ledger.ts';
import { follows } from './people-origin.ts';

/** Where the log and the clients disagree, in words. Empty: all that was received is in the log, and nothing of it twice. */
export function compareWithLog(directory: string, ledger: Ledger): readonly string[] {
  const { principals, gaps, unread } = account(directory);
  const accounts = new Map(principals.map((each) => [each.principal.token, each]));
  const breaks = verifyLog(directory).breaks.filter(({ why }) => why !== 'torn');
  return [
    ...[...ledger.clients].flatMap(([sub, told]) => compareClient(sub, told, accounts.get(sub))),
    ...principals
      .filter(({ principal }) => !ledger.clients.has(principal.token ?? ''))
      .map(() => 'an account of nobody'),
    ...Object.keys(gaps).map((code) => `a gap: ${code}`),
    ...(unread.damaged + unread.unknownRecords > 0 ? ['something in the log cannot be read'] : []),
    ...breaks.map(({ why }) => `the log is broken: ${why}`),
    ...doubledIn(directory),
  ];
}

function compareClient(sub: string, told: Told, logged: PrincipalAccount | undefined): readonly string[] {
  const faults: string[] = told.inRefusals.map((value) => `${sub} received ${value} in a refusal`);
  for (const [field, owners] of told.received) {
    const row = logged?.fields.find((each) => each.field === field);
    for (const owner of owners) {
      if (!row?.seen.has(`person:${owner}`))
        faults.push(`${sub} received ${field} of ${owner}, and the log has it not`);
      if (field === 'password' || (field === 'email' && !follows(sub, owner) && sub !== owner))
        faults.push(`${sub} received ${field} of ${owner}, which is forbidden`);
    }
  }
  for (const owner of logged?.owners ?? []) {
    if (!told.asked.has(owner.slice('person:'.length))) faults.push(`the log has ${sub} see ${owner}, never asked for`);
  }
  const { complete, cutOff, unfinished } = logged?.responses ?? { complete: 0, cutOff: 0, unfinished: 0 };
  if (told.whole > complete + unfinished)
    faults.push(`${sub}: ${told.whole} whole, ${complete + unfinished} in the log`);
  if (complete + cutOff + unfinished > told.sent) faults.push(`${sub}: more responses in the log than requests`);
  return faults;
}

/** Facts and ends that stand more than once for one request, and requests that go on behind their end. */
function doubledIn(directory: string): readonly string[] {
  const doubled: string[] = [];
  const facts = new Map<string, Set<string>>();
  const ended = new Set<string>();
  for (const frame of readLog(directory)) {
    if (frame.kind !== 'facts') continue;
    const record = decodeRecord(frame.payload);
    if (record.type !== 'access' && record.type !== 'end') continue;
    for (const request of record.type === 'end' ? record.requests : [record.request]) {
      if (ended.has(request)) doubled.push(`a second ${record.type} behind the end of a request`);
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
        if (known.has(key)) doubled.push(`twice in one response: ${key}`);
        known.add(key);
      }
    }
  }
  return doubled;
}
