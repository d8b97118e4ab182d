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

export function scanKey(cell: Cell): string {
  return keyOf(cell.server, cell.operation, cell.at.split('/'), { viewer: cell.attacker, owner: cell.owner });
}

function keyOf(
  server: string,
  operation: string,
  path: readonly string[],
  { viewer, owner }: Pick<OracleCell, 'viewer' | 'owner'>,
): string {
  const place = path.filter((step) => step !== '' && step !== '*').join('/');
  return `${viewer} → ${owner} ${server} ${operation} ${place}`;
}
