export { type OpenStore, openStore, type Rows, type Store } from './store.ts';
export { backup, checkBackup, restore } from './backup.ts';
export type {
  CaseRow,
  ChannelRow,
  EventRow,
  FileRow,
  NoticeRow,
  OutboxRow,
  ProofRow,
  SessionRow,
  StaffRow,
} from './tables.ts';
