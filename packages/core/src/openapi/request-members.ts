import type { MediaType } from './bodies.ts';
import { mayBeJson } from './media-type.ts';
import { type SchemaContext, schemaKinds } from './schema-kinds.ts';

/** What a request body may have at its root. */
export interface RequestMembers {
  /** The members of the body as a JSON object, in all media types that may be JSON; undefined if it cannot be one. */
  readonly members: readonly string[] | undefined;
  /** The object may have members that are not listed. */
  readonly isOpen: boolean;
  /** A JSON body may be something else than an object. */
  readonly isOther: boolean;
  /** Media types that are not JSON. */
  readonly otherTypes: readonly string[];
}

/** Undefined for an operation without a body. */
export function requestMembers(mediaTypes: readonly MediaType[], context: SchemaContext): RequestMembers | undefined {
  if (mediaTypes.length === 0) return undefined;
  const json = mediaTypes.filter(({ mediaType }) => mayBeJson(mediaType));
  const otherTypes = mediaTypes.map(({ mediaType }) => mediaType).filter((mediaType) => !mayBeJson(mediaType));
  if (json.length === 0) return { members: undefined, isOpen: false, isOther: false, otherTypes };
  const schemas = json.map(({ schema }) => schema ?? { value: true, base: '' });
  const { members, object, array, other, isOpen } = schemaKinds(schemas, context);
  const isObject = object || members.size > 0 || (other && !array);
  return {
    members: isObject ? [...members.keys()] : undefined,
    isOpen: isObject && (isOpen || (other && members.size === 0)),
    isOther: array || (other && object),
    otherTypes,
  };
}
