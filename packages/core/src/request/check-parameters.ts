import type { Parameter } from '../contract/compiled.ts';
import type { Admission } from './admission.ts';
import { notThePrincipal } from './asserted-principal.ts';
import { refuse, type Refusal } from './refusal.ts';
import { idInBody } from './request-body.ts';

/** Why the parameters of a request are refused: undeclared, repeated, or naming another caller than the authenticated one. */
export function parameterRefusal(admission: Admission): Refusal | undefined {
  return queryRefusal(admission) ?? callerRefusal(admission);
}

/** Why the query of a request is refused, whoever sends it: undeclared, repeated, or ambiguous parameters. */
export function queryRefusal({ contract, serverMatch, match }: Admission): Refusal | undefined {
  const declared = match.operation.parameters.filter((each) => each.in === 'query');
  const callers = new Set(declared.filter((each) => each.isPrincipal).map((each) => foldedName(each.name)));
  const seen = new Set<string>();
  for (const [name] of serverMatch.target.query) {
    const parameter = declared.find((each) => each.name === name);
    if (!parameter && contract.undeclared.parameters === 'deny')
      return refuse(400, 'LP-PARAMETER-UNDECLARED', `The query parameter "${name}" is not declared.`);
    if (!parameter && callers.has(foldedName(name)))
      return refuse(400, 'LP-REQUEST-AMBIGUOUS', 'A query parameter could be read as the one that names the caller.');
    if (seen.has(name) && !parameter?.repeats)
      return refuse(400, 'LP-REQUEST-AMBIGUOUS', `The query parameter "${name}" occurs twice.`);
    seen.add(name);
  }
  return undefined;
}

/** `Viewer`, `viewer[]`, `viewer.id`, ` viewer`: names that some server reads as `viewer`. */
export function foldedName(name: string): string {
  const [first = ''] = name.trim().toLowerCase().split(/[[.]/, 1);
  return first.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function callerRefusal(admission: Admission): Refusal | undefined {
  const { match, principal, serverMatch } = admission;
  for (const parameter of match.operation.parameters) {
    if (!parameter.isPrincipal) continue;
    const values = valuesOf(admission, parameter);
    if (values === 'unread') continue;
    if (values.length === 0 && !parameter.optional)
      return refuse(
        400,
        'LP-PRINCIPAL-ASSERTED',
        `The ${parameter.in} parameter "${parameter.name}" must name the caller.`,
      );
    for (const value of values) {
      const refusal = notThePrincipal(parameter, value, { principal, server: serverMatch.server });
      if (refusal) return refusal;
    }
  }
  return undefined;
}

/** Every value of a parameter; a value that is no id is the empty string, which names nobody. */
function valuesOf(admission: Admission, { in: where, name }: Parameter): readonly string[] | 'unread' {
  const { request, serverMatch, match } = admission;
  switch (where) {
    case 'query':
      return serverMatch.target.query.flatMap(([each, value]) => (each === name ? [value] : []));
    case 'header':
      return request.headers.flatMap(([each, value]) => (each === name ? [value] : []));
    case 'path':
      return [match.parameters.get(name) ?? ''];
    case 'body': {
      if (request.body === 'unread') return 'unread';
      const found = idInBody(admission, name.split('.'));
      return found === 'absent' ? [] : [found === 'unreadable' ? '' : found.id];
    }
    case 'argument':
      return [];
  }
}
