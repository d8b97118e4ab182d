import { LeakproofError } from '@leakproof/core';
import { z } from 'zod';
import type { Command } from '../../cases/decide.ts';
import { FACTS, RESOLUTIONS } from '../../cases/states.ts';
import { parseInput } from '../../intake/report-input.ts';
import { readLocalTime } from '../../clocks/calendar.ts';

const text = z.string().trim().min(1).max(65_536);
const reason = z.string().trim().min(1).max(4_000);
const yes = z.literal('yes').optional();
const count = z.coerce.number().int().min(0).max(1e12);
const points = {
  isPubliclyExposed: yes,
  isKnownExploited: yes,
  isAutomatable: yes,
  technicalImpact: z.enum(['partial', 'total']),
};

const Forms = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('write'), text, isQuestion: yes }),
  z.strictObject({ do: z.literal('note'), text }),
  z.strictObject({ do: z.literal('assign'), to: z.string().trim().min(1).max(100) }),
  z.strictObject({ do: z.literal('judge'), to: z.enum(['valid', 'invalid', 'accepted', 'deferred']), reason }),
  z.strictObject({ do: z.literal('close'), resolution: z.enum(RESOLUTIONS), reason }),
  z.strictObject({ do: z.enum(['extend', 'propose-embargo']), until: z.string(), reason }),
  z.strictObject({ do: z.literal('end-embargo'), reason }),
  z.strictObject({ do: z.literal('fact'), fact: z.enum(FACTS), reason }),
  z.strictObject({ do: z.literal('prioritise'), ...points }),
  z.strictObject({ do: z.literal('breach'), isBreach: z.enum(['yes', 'no']), reason, people: count, records: count }),
  z.strictObject({ do: z.literal('notified'), regime: z.string().max(60), reference: reason }),
  z.strictObject({ do: z.literal('publish'), advisory: z.string().regex(/^[\w.-]{1,60}$/), reason }),
]);

/** A command from the fields of a form. Throws LP-DESK-INPUT-INVALID. */
export function readCommand(fields: unknown, timeZone: string): Command {
  const form = parseInput(Forms, { ...Object(fields) });
  switch (form.do) {
    case 'write':
      return { do: 'write', text: form.text, isQuestion: form.isQuestion === 'yes' };
    case 'extend':
    case 'propose-embargo': {
      const untilMs = readLocalTime(timeZone, form.until);
      if (untilMs === undefined) throw new LeakproofError('LP-DESK-INPUT-INVALID', 'until: is no date.');
      return { do: form.do, untilMs, reason: form.reason };
    }
    case 'prioritise': {
      const { isPubliclyExposed, isKnownExploited, isAutomatable, technicalImpact } = form;
      const is = (value: string | undefined): boolean => value === 'yes';
      return {
        do: 'prioritise',
        points: {
          isPubliclyExposed: is(isPubliclyExposed),
          isKnownExploited: is(isKnownExploited),
          isAutomatable: is(isAutomatable),
          technicalImpact,
        },
      };
    }
    case 'breach':
      return { ...form, isBreach: form.isBreach === 'yes' };
    case 'note':
    case 'assign':
    case 'judge':
    case 'close':
    case 'end-embargo':
    case 'fact':
    case 'notified':
    case 'publish':
      return form;
  }
}
