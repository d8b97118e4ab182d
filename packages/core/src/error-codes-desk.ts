import type { CodeEntry } from './code-entry.ts';

/** The part of the one table (`error-codes.ts`) that the desk, its store and its alerts use. */
export const DESK_ERROR_CODES = {
  'LP-STORE-UNAVAILABLE': {
    summary: 'The database of the desk could not be opened, or refused.',
    fix: 'Check the path or the connection string, its permissions and the space on its disk.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-STORE-NEWER': {
    summary: 'The database was made by a later release.',
    fix: 'Use that release or a later one; a database is never taken back.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-STORE-NOT-EMPTY': {
    summary: 'A backup can only be restored into an empty database.',
    fix: 'Name a new file or a new database.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-BACKUP-INVALID': {
    summary: 'A backup is damaged, cut off, or of another release.',
    fix: 'Use another copy of it; nothing was restored.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-REFUSED': {
    summary: 'The state of a case does not allow this.',
    fix: 'See the case: its page lists what is allowed now.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-CASE-UNKNOWN': {
    summary: 'No case has this id, or no case of this reporter has this key.',
    fix: 'Check the id or the return key.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-INPUT-INVALID': {
    summary: 'A report, message or form is not valid.',
    fix: 'Correct the field that is named.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-TOO-LARGE': {
    summary: 'A report, message or file is larger than the limit.',
    fix: 'Send less: the smallest text that shows the problem, without data of other people.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-BUDGET': {
    summary: 'Too many attempts came from one address, or over one channel.',
    fix: 'Wait for the time that is named, or send the report by another channel of security.txt.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-DESK-CONFIG-INVALID': {
    summary: 'The configuration of the desk is not valid.',
    fix: 'Correct the key that is named; `leakproof desk init` writes one that is valid.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DESK-UNAUTHENTICATED': {
    summary: 'The staff pages need a key of a staff member.',
    fix: 'Sign in; `leakproof desk staff add` makes a key.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-MAIL-UNREADABLE': {
    summary: 'A message is not readable mail (RFC 5322).',
    fix: 'Add the report by hand with `leakproof desk add`.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-DELIVERY-FAILED': {
    summary: 'A mail server or a webhook did not take a message.',
    fix: 'It is tried again with growing intervals; check the address and the server.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-DELIVERY-REFUSED': {
    summary: 'A webhook or mail server may not be used as it is configured.',
    fix: 'Use https, or an address of this machine.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-SECURITY-TXT-INVALID': {
    summary: 'A security.txt cannot be written from what is configured.',
    fix: 'Correct the field that is named (RFC 9116).',
    exit: 2,
    since: '0.1.0',
  },
  'LP-SIGNING-FAILED': {
    summary: 'No signature was made: gpg failed.',
    fix: 'Check that gpg is installed and has the secret key.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-ADVISORY-INCOMPLETE': {
    summary: 'An advisory lacks facts that its format requires.',
    fix: 'Add what is named to the case or to the configuration.',
    exit: 2,
    since: '0.1.0',
  },
} as const satisfies Record<string, CodeEntry>;
