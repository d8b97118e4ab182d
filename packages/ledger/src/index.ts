export type {
  Account,
  FieldAccount,
  FilterName,
  OperationAccount,
  PrincipalAccount,
  Responses,
  Unread,
} from './account.ts';
export type { AccountFilter } from './account-filter.ts';
export { ownersCsv } from './account/account-csv.ts';
export { accountHtml, type HtmlOptions } from './account/account-html.ts';
export { accountTable, type Paint } from './account/account-table.ts';
export {
  type AccountFigures,
  answers,
  type DayFigures,
  type FieldFigures,
  type GapPeriod,
  isWhole,
  type OperationFigures,
  type PrincipalFigures,
  type Problem,
  type Totals,
} from './account/figures.ts';
export type { AskOptions } from './ask-ledger.ts';
export { shownToken } from './columns/token64.ts';
export type { MergeReport } from './columns/merge.ts';
export type { RollReport } from './columns/roll.ts';
export type { ColumnBreak, ColumnsReport } from './columns/verify-columns.ts';
export type { AffectedOwner, Answers, HistoryEntry, LedgerEngine, QueryName } from './engine/ledger-engine.ts';
export type { Question } from './engine/question.ts';
export { foldAccount } from './fold-account.ts';
export { ask, type LedgerReport, rollLog, verifyLedger } from './ledger.ts';
export type { RollCall } from './process/calls.ts';
export { account } from './read-account.ts';
export type { EraseReport } from './columns/erase.ts';
export type { Hold } from './columns/ledger-state.ts';
export type { RotateReport } from './columns/rotate.ts';
export { erasePerson, type KeyRotation, reveal, type RevealOptions, rotateKey } from './identity.ts';
export { expire, type ExpireReport, type Note, note, notesOf } from './keep.ts';
