import { countFactsIn, encodeRecord, type LogRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import type { Event } from '../../engine/command.ts';
import type { EndRecordBatcher } from './end-record-batcher.ts';

export interface RecordLog {
  readonly log: Pick<FactLog, 'append'>;
  readonly endRecords: EndRecordBatcher;
}

const RECORDED: Event = { of: 'record', refused: undefined };
const NOT_RECORDED: Event = { of: 'record', refused: 'LP-LOG-BLOCK' };

/** Appends a record to the log, or an `end` to the next batch of them; the event has the log's error code if it refused. */
export function appendRecord({ log, endRecords }: RecordLog, record: LogRecord): Event | Promise<Event> {
  if (record.type === 'end') {
    endRecords.add(record);
    return RECORDED;
  }
  try {
    return log.append({ count: countFactsIn(record), payload: encodeRecord(record) }).then(
      (result) => (result.ok ? RECORDED : { of: 'record', refused: result.code }),
      () => NOT_RECORDED,
    );
  } catch {
    return NOT_RECORDED;
  }
}
