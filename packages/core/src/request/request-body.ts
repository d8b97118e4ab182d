import { isLeakproofError } from '../errors.ts';
import { decodeUtf8, idOf, type JsonNode, type JsonText, memberOf, readJson } from '../wire/json.ts';
import type { Admission } from './admission.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { RequestView } from './response-plan.ts';

/** Reads a JSON body, once. */
export function bodyReader({ body }: RequestView): () => JsonText | Refusal | undefined {
  let read: JsonText | Refusal | undefined;
  return () => {
    if (!(body instanceof Uint8Array) || body.length === 0) return undefined;
    return (read ??= readBody(body));
  };
}

function readBody(body: Uint8Array): JsonText | Refusal {
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (isLeakproofError(error)) return refuse(400, error.code, error.message);
    throw error;
  }
}

/** Whether the decision on a request needs its body: its members are checked, or one of them names somebody. */
export function needsBody({ contract, match: { operation } }: Admission): boolean {
  return (
    contract.undeclared.parameters === 'deny' ||
    operation.owner?.from === 'body' ||
    operation.parameters.some((parameter) => parameter.in === 'body')
  );
}

/** Why a body is refused: not JSON, or with members that are not declared. */
export function bodyRefusal(admission: Admission): Refusal | undefined {
  if (!needsBody(admission)) return undefined;
  const { operation } = admission.match;
  const json = admission.body();
  if (!json || 'type' in json) return json;
  if (admission.contract.undeclared.parameters === 'pass') return undefined;
  const accepts = operation.accepts && new Set(operation.accepts);
  if (!accepts) return refuse(400, 'LP-PARAMETER-UNDECLARED', 'The operation takes no body.');
  if (json.root.type !== 'object') return refuse(400, 'LP-PARAMETER-UNDECLARED', 'The body must be a JSON object.');
  const unknown = json.root.members.find((member) => !accepts.has(member.key));
  return unknown && refuse(400, 'LP-PARAMETER-UNDECLARED', 'The body has a member that is not declared in `accepts`.');
}

/** The id at a path of the body. `absent`: no body, or no such member; `unreadable`: a value that is no id. */
export function idInBody(
  { body }: Admission,
  path: readonly string[],
): { readonly id: string } | 'absent' | 'unreadable' {
  const json = body();
  if (!json) return 'absent';
  if ('type' in json) return 'unreadable';
  let node: JsonNode | undefined = json.root;
  for (const step of path) {
    if (node.type !== 'object') return 'unreadable';
    node = memberOf(node, step);
    if (!node) return 'absent';
  }
  const id = idOf(json, node);
  return id === undefined ? 'unreadable' : { id };
}
