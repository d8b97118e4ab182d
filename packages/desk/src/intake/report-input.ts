import { LeakproofError } from '@leakproof/core';
import { z } from 'zod';
import type { Report } from '../cases/event.ts';
import { INTAKE_LIMITS } from './limits.ts';
import { redactText } from './redact-text.ts';

// Control characters but tab and line feeds, and marks that turn the direction of text.
// oxlint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const plain = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => redactText(text.replaceAll(/\r\n?/g, '\n').replaceAll(HIDDEN, '').trim()));
const line = (max: number) => plain(max).transform((text) => text.replaceAll(/\s+/g, ' '));
const optional = <T extends z.ZodType>(type: T) => type.optional();

/** A report as the API takes it. */
export const ReportInput = z.strictObject({
  title: line(INTAKE_LIMITS.titleChars)
    .refine((text) => text !== '', 'is empty')
    .meta({ description: 'One line.' }),
  text: plain(INTAKE_LIMITS.textChars)
    .refine((text) => text !== '', 'is empty')
    .meta({ description: 'What the problem is, and how to see it. Plain text; never rendered.' }),
  name: optional(line(200)).meta({ description: 'A name for credit.' }),
  contact: optional(
    z
      .string()
      .max(INTAKE_LIMITS.contactChars)
      .regex(/^[^\s@<>,;"()[\]\\]{1,64}@[^\s@<>,;"()[\]\\]{1,189}$/, 'is not a mail address'),
  ).meta({ description: 'A mail address for answers. Without it, the return key is the only way back.' }),
  isCreditWanted: optional(z.boolean()),
  isPublic: optional(z.boolean()).meta({ description: 'The problem is public already.' }),
  isExploited: optional(z.boolean()).meta({ description: 'Others exploit it.' }),
  isEmbargoRefused: optional(z.boolean()).meta({
    description: 'The reporter does not agree to the embargo of the policy.',
  }),
  plannedAt: optional(z.iso.datetime({ offset: true })).meta({ description: 'When the reporter means to publish.' }),
  foreignPeople: optional(z.int().min(0).max(1e12)).meta({ description: "How many other people's records were seen." }),
  isDeleted: optional(z.boolean()).meta({ description: 'The reporter has deleted them.' }),
});

export const MessageInput = z.strictObject({
  text: plain(INTAKE_LIMITS.textChars).refine((text) => text !== '', 'is empty'),
});

/** Reads a report. Throws LP-DESK-INPUT-INVALID with the name of the field. */
export function readReport(value: unknown): Report {
  const { plannedAt, ...report } = parseInput(ReportInput, value);
  return plannedAt === undefined ? report : { ...report, plannedMs: Date.parse(plannedAt) };
}

/** Reads a message of a thread. Throws LP-DESK-INPUT-INVALID. */
export function readMessage(value: unknown): string {
  return parseInput(MessageInput, value).text;
}

/** Parses with a schema. Throws LP-DESK-INPUT-INVALID: what is wrong with which field; never its value. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? 'it has fields that are not known' : issue?.message;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new LeakproofError('LP-DESK-INPUT-INVALID', `${field === '' ? 'The input' : field}: ${unknown ?? 'not valid'}`);
}
