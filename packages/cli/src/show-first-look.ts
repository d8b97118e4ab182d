import type { DeclaredOpen, FirstLook, OpenOperation } from '@leakproof/map';
import type { Shown } from './shown.ts';

/** The first look on one screen: what callers without a login were given, what the description opens, and what was not asked. */
export function showFirstLook(found: FirstLook, { bold, list, atMost }: Shown): string {
  const { open, declaredOpen, notAsked, anonymous, unknown } = found;
  const openLine = (each: OpenOperation): string[] => [
    `  ${each.name}${each.objects > 1 ? `  (${each.objects} objects)` : ''}: ${list(
      5,
      each.fields.map((field) => `${field.pointer} ${field.class}`),
    )}`,
  ];
  const declaredLine = ({ name, security, personal }: DeclaredOpen): string[] => [
    `  ${name}  (${SECURITY[security]}): ${list(5, personal)}`,
  ];
  return [
    bold(`Gave personal-looking fields to callers without a login: ${open.length} operations`),
    ...atMost(6, open, openLine),
    `  ${anonymous} exchanges were without a login${
      unknown > 0 ? `; of ${unknown} others the caller is not known, and nothing is concluded from them` : ''
    }.`,
    '',
    bold(`Return such fields without a login, by the description: ${declaredOpen.length} operations`),
    ...atMost(6, declaredOpen, declaredLine),
    '',
    bold(`Not asked without a login: ${notAsked.length} operations`),
    ...(notAsked.length > 0 ? [`  ${list(6, notAsked)}`] : []),
    '',
  ].join('\n');
}

const SECURITY = { none: 'no credential needed', 'not-declared': 'no security requirement' } as const;
