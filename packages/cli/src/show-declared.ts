import type { DeclaredSummary, Inventory } from '@leakproof/sources';
import type { Shown } from './shown.ts';

/**
 * The declared operations: those that return personal-looking fields without a demand for a credential first, then the others that
 * return such fields, then those that are not in the traffic.
 */
export function showDeclared({ declared, exchanges }: Inventory, shown: Shown): readonly string[] {
  const personal = declared.filter((each) => each.personal.length > 0);
  const open = personal.filter(({ security }) => security === 'none' || security === 'not-declared');
  const closed = personal.filter((each) => !open.includes(each));
  const others = declared.filter((each) => !each.isSeen && each.personal.length === 0);
  const compared = exchanges > 0;
  return [
    ...section('Declared without a security requirement, and returns personal-looking fields', open, {
      shown,
      compared,
    }),
    ...section('Declared, and returns personal-looking fields', closed, { shown, compared }),
    ...section(`Other declared operations${compared ? ', not in the traffic' : ''}`, others, {
      shown,
      compared: false,
    }),
  ];
}

interface Context {
  readonly shown: Shown;
  /** There is traffic that could contain them. */
  readonly compared: boolean;
}

function section(title: string, operations: readonly DeclaredSummary[], context: Context): readonly string[] {
  if (operations.length === 0) return [];
  const { bold, atMost } = context.shown;
  return ['', bold(`${title}: ${operations.length}`), ...atMost(20, operations, (each) => linesOf(each, context))];
}

function linesOf(operation: DeclaredSummary, { shown: { list }, compared }: Context): readonly string[] {
  const { name, security, personal, takes, returns, isSeen } = operation;
  const notes = [SECURITY[security], compared && !isSeen ? 'not in the traffic' : ''].filter(Boolean).join(', ');
  const rest = returns.filter((each) => !personal.includes(each));
  return [
    `  ${name}${notes === '' ? '' : `  (${notes})`}`,
    ...(personal.length > 0 ? [`      personal: ${list(20, personal)}`] : []),
    ...(rest.length > 0 ? [`      returns ${list(10, rest)}`] : []),
    ...(takes.length > 0 ? [`      takes ${list(12, takes)}`] : []),
  ];
}

const SECURITY: Readonly<Record<DeclaredSummary['security'], string>> = {
  required: '',
  none: 'no credential needed',
  'not-declared': 'no security requirement',
  unknown: '',
};
