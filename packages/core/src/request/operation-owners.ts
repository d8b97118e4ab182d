import type { CompiledContract, OperationOwner } from '../contract/compiled.ts';
import type { PreRead } from '../rules/claim.ts';
import type { FoundOwners } from '../rules/known.ts';
import { fillTemplate } from '../wire/path-template.ts';
import { decodeSegment } from '../wire/target.ts';
import type { Admission } from './admission.ts';
import { idInBody } from './request-body.ts';
import type { Ask } from './response-plan.ts';
import { bindTemplate, type RequestLine, routeOf } from './route.ts';

/** The owners of the object that an operation acts on; what must be read first; or that they cannot be learnt. */
export function operationOwners(admission: Admission): FoundOwners | Ask {
  const { match, serverMatch, known, final } = admission;
  const { owner } = match.operation;
  if (!owner) return [];
  const { space } = serverMatch.server;
  switch (owner.from) {
    case 'path': {
      const id = match.parameters.get(owner.parameter);
      return id ? [{ kind: owner.kind, space, id }] : 'unknown';
    }
    case 'body': {
      const found = idInBody(admission, owner.path);
      return typeof found === 'string' ? 'unknown' : [{ kind: owner.kind, space, id: found.id }];
    }
    case 'operation': {
      const read = preReadOf(admission, owner);
      if (!read) return 'unknown';
      const found = known.owners?.(read);
      if (found === undefined && !final) return { type: 'ask', asks: [], reads: [read] };
      return found ?? 'unknown';
    }
  }
}

/** The read by which the owner of a request's object is found, whoever asks; undefined if its operation needs none. */
export function preReadFor(contract: CompiledContract, request: RequestLine): PreRead | undefined {
  const route = routeOf(contract, request);
  if ('type' in route || !route.match) return undefined;
  const { serverMatch, match } = route;
  const { owner } = match.operation;
  return owner?.from === 'operation' ? preReadOf({ contract, serverMatch, match, request }, owner) : undefined;
}

/**
 * The read of the very object that the request is for: its path parameters and its query are those of the request, byte for byte,
 * but for the query parameters that are declared to be harmless. Undefined if the path of the read could be divided into other values.
 */
function preReadOf(
  {
    contract,
    serverMatch,
    match,
    request,
  }: Pick<Admission, 'contract' | 'serverMatch' | 'match'> & { request: RequestLine },
  owner: Extract<OperationOwner, { from: 'operation' }>,
): PreRead | undefined {
  const template = contract.operations.find((each) => each.name === owner.operation)?.template ?? [];
  const path = fillTemplate(template, (parameter) => match.rawParameters.get(parameter) ?? '');
  const bound = bindTemplate(template, path.slice(1).split('/'));
  if (!bound || bound === 'ambiguous') return undefined;
  const query = rawQuery(request.target).filter((pair) => !owner.harmless?.includes(nameOf(pair)));
  return {
    operation: owner.operation,
    target: `${serverMatch.endpoint.path}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
  };
}

function rawQuery(target: string): readonly string[] {
  const mark = target.indexOf('?');
  return mark < 0 || mark === target.length - 1 ? [] : target.slice(mark + 1).split('&');
}

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  return decodeSegment(name.replaceAll('+', ' ')) ?? name;
}
