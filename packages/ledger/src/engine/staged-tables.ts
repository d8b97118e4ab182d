import { ENDED, EVENT_COLUMNS, columnList, SHAPE_COLUMNS } from '../columns/schema.ts';
import type { Stage } from '../columns/stage.ts';
import type { Duck } from './duck.ts';

const ROW_TYPES = ['BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'INTEGER', 'INTEGER'];
const EVENT_TYPES = EVENT_COLUMNS.map(([name, type]) => (name === 'ts' ? 'BIGINT' : type));

/** Creates `staged_facts` and `staged_events`, with the columns of the files, from a stage. Replaces earlier ones. */
export async function createStagedTables(duck: Duck, stage: Stage): Promise<void> {
  const ended = ENDED.map((text, index) => `when ${index} then '${text}'`).join(' ');
  const events = EVENT_COLUMNS.map(([name]) => (name === 'ts' ? 'make_timestamptz(us) as ts' : `"${name}"`)).join(', ');
  await duck.run(`
    create or replace table shapes (shape INTEGER, ${columnList(SHAPE_COLUMNS, true)});
    create or replace table staged (us BIGINT, request BIGINT, principal BIGINT, owner BIGINT, shape INTEGER, ended INTEGER);
    create or replace table events (us BIGINT, ${columnList(EVENT_COLUMNS.slice(1), true)});
    create or replace view staged_facts as
      select make_timestamptz(us) as ts, request, principal, owner, ${columnList(SHAPE_COLUMNS)},
        case staged.ended ${ended} end as ended from staged join shapes using (shape);
    create or replace view staged_events as select ${events} from events`);
  const { us, request, principal, owner, shape, ended: endings } = stage.rows;
  await duck.append('staged', ROW_TYPES, [us, request, principal, owner, shape, endings]);
  const shapes = stage.shapes;
  const shapeColumns = SHAPE_COLUMNS.map((_, index) => shapes.map((cells) => cells[index] ?? null));
  const shapeTypes = ['INTEGER', ...SHAPE_COLUMNS.map(([, type]) => type)];
  await duck.append('shapes', shapeTypes, [shapes.map((_, index) => index), ...shapeColumns]);
  const eventRows = stage.events.map((each) => [
    BigInt(each.us),
    each.type,
    each.node,
    each.request === undefined ? null : BigInt(each.request),
    each.server ?? null,
    each.operation ?? null,
    each.principalKind ?? null,
    each.principal ?? null,
    each.code ?? null,
    BigInt(each.count),
    each.writer,
    BigInt(each.segment),
    BigInt(each.position),
  ]);
  await duck.append(
    'events',
    EVENT_TYPES,
    EVENT_COLUMNS.map((_, index) => eventRows.map((row) => row[index] ?? null)),
  );
}
