import { LeakproofError } from '@leakproof/core';
import type { Report } from '../../cases/event.ts';
import { readLocalTime } from '../../clocks/calendar.ts';
import { readReport } from '../../intake/report-input.ts';

const CHECKS = ['isDeleted', 'isPublic', 'isExploited', 'isEmbargoRefused', 'isCreditWanted'] as const;

/** A report from the fields of the form. Throws LP-DESK-INPUT-INVALID. */
export function readReportForm(fields: Readonly<Record<string, string>>): Report {
  const text = (name: string): string | undefined => {
    const value = fields[name]?.trim();
    return value === '' ? undefined : value;
  };
  const people = text('foreignPeople');
  const input: Record<string, unknown> = {
    title: fields['title'] ?? '',
    text: fields['text'] ?? '',
    name: text('name'),
    contact: text('contact'),
    foreignPeople: people === undefined ? undefined : Number(people),
    plannedAt: plannedAt(text('plannedLocal'), text('plannedZone')),
  };
  for (const check of CHECKS) if (fields[check] !== undefined) input[check] = true;
  return readReport(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)));
}

function plannedAt(local: string | undefined, zone = 'UTC'): string | undefined {
  if (local === undefined) return undefined;
  const ms = readLocalTime(zone, local);
  if (ms === undefined)
    throw new LeakproofError('LP-DESK-INPUT-INVALID', 'plannedLocal: is no date and time in a time zone that we know.');
  return new Date(ms).toISOString();
}
