import type { OracleCell } from '@leakproof/lab';
import type { Cell } from '@leakproof/scan';

/** One place of one answer, one caller, one owner: the same text for a cell of the oracle and one of a scan. */
export function oracleKey(cell: OracleCell): string {
  const [door = '', region = ''] = cell.host.split('.');
  const [root = '', field = '', ...below] = cell.operation.split('.');
  const isRest = door === 'api';
  const operation = isRest ? cell.operation : `${root}.${field}`;
  const path = [...(isRest ? [] : ['data', field, ...below]), ...cell.at.split('/'), ...cell.wire.split('.')];
  return keyOf(region, operation, path, cell);
}

/**
 * A path of a gateway that goes on from one person to others is one path, however the first person was come by: the oracle
 * names it from `Query.user`.
 */
export function scanKey(cell: Cell): string {
  const path = cell.at.split('/');
  const onward = path.findIndex((step) => ONWARD.has(step));
  const renamed = cell.protocol === 'graphql' && onward > 0;
  const operation = renamed ? 'Query.user' : cell.operation;
  const steps = renamed ? ['data', 'user', ...path.slice(onward)] : path;
  return keyOf(cell.server, operation, steps, { viewer: cell.attacker, owner: cell.owner });
}

const ONWARD = new Set(['followers']);

/** What an API says of its caller is another value for each of them: whose value arrived cannot be told. */
export const TOLD_OF_THE_CALLER = /(?:relationship|authed_user_follows|followStatus)$/;

function keyOf(
  server: string,
  operation: string,
  path: readonly string[],
  { viewer, owner }: Pick<OracleCell, 'viewer' | 'owner'>,
): string {
  const place = path.filter((step) => step !== '' && step !== '*').join('/');
  return `${viewer} → ${owner} ${server} ${operation} ${place}`;
}
