import type { Parameter, Server } from '../contract/compiled.ts';
import { isKnown, type Principal } from '../rules/principal.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A request that names its caller must name the authenticated one: the origin may trust it. */
export function notThePrincipal(
  parameter: Parameter,
  value: string,
  { principal, server }: { readonly principal: Principal; readonly server: Server },
): Refusal | undefined {
  if (!parameter.isPrincipal) return undefined;
  if (isKnown(principal) && principal.id === value && principal.space === server.space) return undefined;
  return refuse(
    403,
    'LP-PRINCIPAL-ASSERTED',
    `The ${parameter.in} parameter "${parameter.name}" does not name the caller.`,
  );
}
