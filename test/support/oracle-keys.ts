import type { OracleCell } from '@leakproof/lab';
import type { Cell } from '@leakproof/scan';

/** A key that is the same for a cell of the oracle and the same cell of a scan: field location, caller and owner. */
export function oracleKey(cell: OracleCell): string {
  const [service = '', region = ''] = cell.host.split('.');
  const [root = '', field = '', ...below] = cell.operation.split('.');
  const isRest = service === 'api';
  const operation = isRest ? cell.operation : `${root}.${field}`;
  const path = [...(isRest ? [] : ['data', field, ...below]), ...cell.at.split('/'), ...cell.wire.split('.')];
  return keyOf({ server: region, operation, path }, cell);
}

/**
 * In a GraphQL response, a path from one person to others is the same however the first person was selected: the oracle always
 * names it from `Query.user`.
 */
export function scanKey(cell: Cell): string {
  const path = cell.at.split('/');
  const start = path.findIndex((step) => TO_OTHERS.has(step));
  const renamed = cell.protocol === 'graphql' && start > 0;
  const operation = renamed ? 'Query.user' : cell.operation;
  const steps = renamed ? ['data', 'user', ...path.slice(start)] : path;
  return keyOf({ server: cell.server, operation, path: steps }, { viewer: cell.attacker, owner: cell.owner });
}

const TO_OTHERS = new Set(['followers']);

/** Fields that the API computes for its caller: the value differs by caller, so whose value was received cannot be proven. */
export const COMPUTED_FOR_CALLER = /(?:relationship|authed_user_follows|followStatus)$/;

interface Location {
  readonly server: string;
  readonly operation: string;
  readonly path: readonly string[];
}

function keyOf({ server, operation, path }: Location, { viewer, owner }: Pick<OracleCell, 'viewer' | 'owner'>): string {
  const pointer = path.filter((step) => step !== '' && step !== '*').join('/');
  return `${viewer} → ${owner} ${server} ${operation} ${pointer}`;
}
