import type { GraphqlTypes } from '@leakproof/core/authoring';
import { classify } from '../classify/classify.ts';
import { type FieldDrafted, pathText, ruleOf } from '../contract/shapes.ts';
import type { Plain } from '../contract/write-yaml.ts';
import type { Answers } from '../draft/answered.ts';
import { decide } from '../draft/decide.ts';
import { membersOf, shapesOf } from '../evidence/views.ts';
import type { FoundType } from './find-types.ts';

/** A type as a resource. What a field of nobody's object leads to is judged by the resource of its own type. */
export function draftType(
  { type, resource: { name, owners, idField, places } }: FoundType,
  {
    schema,
    answers,
    onField,
  }: {
    readonly schema: GraphqlTypes;
    readonly answers: Answers;
    readonly onField: (field: FieldDrafted) => void;
  },
): Plain {
  const known = schema.fields.get(type);
  const members = membersOf(places).filter(([field]) => known?.has(field));
  const isOwned = owners !== 'none';
  const isSomebodys =
    isOwned ||
    members.some(
      ([field, view]) =>
        !known?.get(field)?.isComposite && classify({ name: field, of: type, shapes: shapesOf(view) }) !== undefined,
    );
  const fields: Record<string, Plain> = {};
  for (const [field, view] of members) {
    if (!isSomebodys && known?.get(field)?.isComposite) {
      fields[field] = 'anyone';
      continue;
    }
    const at = { at: `${name}.${field}`, resource: name, field, view, isOwned, isSomebodys, isId: field === idField };
    const ruling = decide(at, answers, new Set());
    onField({ ...at, ruling });
    fields[field] = ruleOf(ruling, undefined);
  }
  return {
    owner: typeof owners === 'string' ? owners : owners.map((path) => ({ person: pathText(path) })),
    ...(idField === undefined || idField === 'id' ? {} : { id: idField }),
    ...(members.length === 0 ? { see: 'nobody' } : {}),
    fields,
  };
}
