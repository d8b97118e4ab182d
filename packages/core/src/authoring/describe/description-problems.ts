import type { Where } from '../../errors.ts';
import type { Documents } from '../../openapi/documents.ts';
import type { DescriptionProblem, DescriptionProblemCode, LocatedValue, Unfollowed } from '../../openapi/problem.ts';
import type { Problem } from '../read/document.ts';

interface ProblemContext {
  readonly documents: Documents;
  readonly where: (part: LocatedValue, pointer: string) => Where;
  /** Why a document is not read. */
  readonly reasonOf: (id: string) => string;
}

/** A warning for every part of a description that cannot be read; one for each reference, however often it occurs. */
export function problemsOf(lost: readonly DescriptionProblem[], context: ProblemContext): Problem[] {
  const groups = new Map<string, DescriptionProblem[]>();
  for (const problem of lost) {
    const key = keyOf(problem, context);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  const warnings: Problem[] = [];
  for (const { id, from } of context.documents.missing()) {
    const affected = groups.get(`document ${id}`) ?? [];
    groups.delete(`document ${id}`);
    warnings.push({
      severity: 'warning',
      code: 'ref-external',
      message: `The reference "${refOf(from)}" is not followed.${lacking(affected)}`,
      where: context.where(from, ''),
      fix: context.reasonOf(id),
    });
  }
  for (const problems of groups.values()) {
    const [first] = problems;
    if (!first) continue;
    const { ref, part, at } = first;
    const message = ref ? `${messageOfRef(ref)}${lacking(problems)}` : `${MESSAGES[first.code]} (${nameOf(at)})`;
    warnings.push({
      severity: 'warning',
      code: first.code,
      message,
      where: context.where(ref?.from ?? part ?? { value: undefined, base: '' }, at),
    });
  }
  return warnings;
}

/** References to one document that cannot be read are one problem, and so is one value, whoever refers to it. */
function keyOf({ code, ref, part, at }: DescriptionProblem, { documents }: ProblemContext): string {
  if (ref?.fault === 'ref-external') {
    const [path = ''] = ref.ref.split('#', 1);
    return `document ${documents.locate(path, ref.from.base) ?? path}`;
  }
  if (ref) return `${ref.fault} ${ref.from.base} ${ref.ref}`;
  const pointer = part && documents.pointerTo(part);
  return `${code} ${part?.base ?? ''} ${pointer ?? at}`;
}

function refOf({ value }: LocatedValue): string {
  return typeof value === 'object' && value !== null && '$ref' in value ? String(value.$ref) : '';
}

function messageOfRef({ fault, ref }: Unfollowed): string {
  switch (fault) {
    case 'ref-unresolved':
      return `The reference "${ref}" has no target.`;
    case 'ref-cycle':
      return `The reference "${ref}" leads back to itself.`;
    case 'ref-external':
      return `The reference "${ref}" is not followed: there are too many documents.`;
  }
}

const MESSAGES: Readonly<Record<DescriptionProblemCode, string>> = {
  'ref-unresolved': 'A reference has no target.',
  'ref-cycle': 'A reference leads back to itself.',
  'ref-external': 'A reference is not followed.',
  'path-invalid': 'This is no path item: its operations are not read.',
  'operation-invalid': 'This is no operation: it is not read.',
  'parameter-invalid': 'This is no parameter: the operation is read without it.',
  'style-unknown': 'The parameter has a style that OpenAPI does not have there: it is read as the default.',
  'schema-invalid': 'This is no schema: what it declares is not known.',
  'fields-limit': 'The schema has too many alternatives: what the others declare is not known.',
};

function lacking(problems: readonly DescriptionProblem[]): string {
  const names = [...new Set(problems.map(({ at }) => nameOf(at)))];
  return names.length === 0 ? '' : ` Read without it: ${names.join(', ')}.`;
}

/** `GET /users` for the pointer `/paths/~1users/get`. */
function nameOf(pointer: string): string {
  const [, , path = '', ...rest] = pointer.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const method = rest.at(-1);
  return method === undefined ? path : `${method.toUpperCase()} ${path}`;
}
