import type { AffectedOwner } from '../engine/ledger-engine.ts';

/** The affected owners as CSV (RFC 4180): kind, token, records, forbidden records, first and last time (UTC). */
export function ownersCsv(owners: readonly AffectedOwner[]): string {
  const lines = owners.map(({ kind, token, records, exposed, firstMs, lastMs }) =>
    [quote(kind), token, records, exposed, time(firstMs), time(lastMs)].join(','),
  );
  return `${['kind,token,records,forbidden,first,last', ...lines].join('\r\n')}\r\n`;
}

/** A text of spreadsheets begins with no sign of a formula. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""').replace(/^[=+\-@]/, "'$&")}"`;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
