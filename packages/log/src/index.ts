export { type Disk, poolDisk, turnDisk } from './disk.ts';
export type {
  AppendResult,
  FactBlock,
  FactLog,
  Gap,
  LogStatus,
  Receipt,
  AppendRefusal,
  Repair,
  Trouble,
} from './fact-log.ts';
export type { LogFrame } from './log-frame.ts';
export { openLog, type OpenLogOptions } from './open-log.ts';
export { type LogSegment, listLogSegments } from './log-segments.ts';
export { lockDirectory } from './lock-directory.ts';
export { type PassedOver, readLog, type ReadLogOptions, type ReadPosition } from './read-log.ts';
export { SequenceFilter, type SequenceHole, type SequencePosition } from './sequence-filter.ts';
export { type LogBreak, type LogReport, verifyLog, type WriterReport } from './verify-log.ts';
export type { BreakReason } from './verify-segment.ts';
export type { WriterLock } from './writer-lock.ts';
