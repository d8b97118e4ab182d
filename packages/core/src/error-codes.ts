/** What an error code means: `exit` is the process exit code it leads to (DESIGN: 2 usage, 3 inconclusive, 4 internal). */
export interface CodeEntry {
  readonly summary: string;
  /** What to do about it, when the thrower knows nothing better. */
  readonly fix: string;
  readonly exit: 2 | 3 | 4;
  readonly since: string;
  readonly retired?: string;
}

/** Every code the product can show, in one place. A retired code stays listed and is never used again. */
export const ERROR_CODES = {
  'LP-INTERNAL': {
    summary: 'A fault of Leakproof itself.',
    fix: 'Please report it with the command you ran; no personal data is needed.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-USAGE': {
    summary: 'The command line was not understood.',
    fix: 'Run the command with --help for examples.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-FILE-UNREADABLE': {
    summary: 'A file could not be read.',
    fix: 'Check the path and its permissions.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-JSON-INVALID': {
    summary: 'A body says JSON and is not strict JSON (RFC 8259, UTF-8, no duplicate keys).',
    fix: 'Mend the body at the position named; nothing of it was used.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-BODY-MISSHAPEN': {
    summary: 'A response body does not have the shape that the contract says the operation returns.',
    fix: 'Compare `returns` of the operation with what the API answers, and mend the one that is wrong.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITY-INVALID': {
    summary: 'A caller could not be made a principal: its claims lack what the contract says they hold.',
    fix: 'Compare the claims of the token with `principals` in the contract.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-JSON-TOO-DEEP': {
    summary: 'A JSON body nests deeper than the limit.',
    fix: 'Raise the depth limit if the API really nests this deep.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-SOURCE-UNKNOWN': {
    summary: 'No reader knows the content of a source.',
    fix: 'Name its format with --as.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-READER-UNKNOWN': {
    summary: 'No reader has this name.',
    fix: 'Use the name of a reader that exists.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-CALLER-NOT-ALLOWED': {
    summary: 'The caller is known, and the contract does not let it call this operation.',
    fix: 'If it should be let in, widen `by` of the operation in the contract.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CALLER-UNKNOWN': {
    summary: 'The operation asks for a known caller.',
    fix: 'Send a valid credential of a principal kind that the contract names.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-OPERATION-UNDECLARED': {
    summary: 'No operation of the contract answers here.',
    fix: 'Declare the operation in the contract, or leave it closed.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PARAMETER-UNDECLARED': {
    summary: 'A request carries a parameter that the contract does not know.',
    fix: 'Declare it (`parameters`, `accepts`), or leave it out.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PRINCIPAL-ASSERTED': {
    summary: 'A request says that its caller is somebody else.',
    fix: 'Leave the parameter out, or send the id of the credential.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-AMBIGUOUS': {
    summary: 'Two servers could read this request differently.',
    fix: 'Send the target in its plain form: no escaped separators, no dot segments, no parameter twice.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-QUERY-INVALID': {
    summary: 'A GraphQL request is not one this schema can answer, or is larger than the limits.',
    fix: 'Validate the document against the schema; split it if it is large.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-BLOCK': {
    summary: 'A block handed to the fact log is outside the limits of its format.',
    fix: 'Split the block: at most 16 MiB of payload and a whole count below 2^32.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-LOG-CLOSED': {
    summary: 'The fact log has been closed.',
    fix: 'Append before closing; nothing was recorded.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-LOG-DAMAGED': {
    summary: 'The fact log holds bytes that its writer did not leave there.',
    fix: 'Keep a copy of the files as they are, then compare them with a backup from the position named.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-FULL': {
    summary: 'The disk or quota under the fact log is full.',
    fix: 'Make room; the log tries again by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-LOCKED': {
    summary: 'No writer directory of the fact log is free.',
    fix: 'Stop the process named, or give this one its own directory.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LOG-SLOW': {
    summary: 'The disk under the fact log did not answer in time.',
    fix: 'Look for a frozen volume or a neighbour that saturates it; the log goes on by itself once the disk answers.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-WRITE': {
    summary: 'The fact log could not be written.',
    fix: 'Check the volume and its permissions; the log tries again by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-FRAMING': {
    summary: 'The headers or the framing of a request could be read in two ways.',
    fix: 'Send each of Host, Authorization, Content-Type and Content-Length once, and the body framed in one way.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-TOO-LARGE': {
    summary: 'A request body is larger than the guard reads.',
    fix: 'Raise maxRequestBytes if the API really takes bodies this large.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-UNREADABLE': {
    summary: 'A request body is not JSON in UTF-8, or its content coding is not read.',
    fix: 'Send application/json, uncompressed or with gzip, deflate or br.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CREDENTIAL-INVALID': {
    summary: 'A request carries a credential that is not valid, or more than one.',
    fix: 'Send one valid credential, or none.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-UNREACHABLE': {
    summary: 'The origin behind the guard did not answer, or not in time.',
    fix: 'Check the address given with --upstream, and that the origin runs.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-CUT-OFF': {
    summary: 'The origin ended a response before it was whole; nothing of it was released.',
    fix: 'Look for the reason at the origin.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-ERROR': {
    summary: 'The origin answered with an error; its body was replaced by a plain one with the same status.',
    fix: 'Look for the reason at the origin.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-RESPONSE-UNREADABLE': {
    summary: 'A response is in a form the guard does not read, so nothing of it was released.',
    fix: 'Let the origin answer JSON in UTF-8, uncompressed or with gzip, deflate or br, and never in parts.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-RESPONSE-TOO-LARGE': {
    summary: 'A response is larger than the guard reads, or grows too much when it is decompressed.',
    fix: 'Raise maxBodyBytes if the API really answers bodies this large.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-OWNER-UNKNOWN': {
    summary: 'A response held an object whose owner could not be told.',
    fix: 'Compare `owner` of the resource with what the API answers.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-BUDGET-SPENT': {
    summary: 'A principal was given the data of as many others as its budget allows.',
    fix: 'Wait until the window has passed; raise `max` in `budgets` if the use is legitimate.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-BUDGET-FROZEN': {
    summary: 'A principal went on asking after its budget was spent, and is refused altogether.',
    fix: 'Wait until the window has passed.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-GUARD-LISTEN': {
    summary: 'The guard could not listen at the address it was given.',
    fix: 'Choose a free port of an address of this machine.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-TOKEN-KEY': {
    summary: 'The key that makes owners into tokens is unusable.',
    fix: 'Give a file of exactly 32 bytes that only its owner may read, or a path at which one can be made.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-UPSTREAM-MISSING': {
    summary: 'The contract names a host for which the guard was given no address.',
    fix: 'Give one --upstream HOST=ADDRESS:PORT for every host of the contract.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORD-INVALID': {
    summary: 'A record of the fact log is of no kind this version knows.',
    fix: 'Read the log with the version of Leakproof that wrote it, or a newer one.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CONTRACT-INVALID': {
    summary: 'The exposure contract has mistakes; nothing of it was loaded.',
    fix: 'Mend each place named; `leakproof contract check` shows them all.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-STAGE': {
    summary: 'The lab has no stage of that name.',
    fix: 'Name one of the stages that `leakproof lab stages` prints.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-MEMBERS': {
    summary: 'The lab cannot be made with that many members.',
    fix: 'Ask for a whole number of members between 100 and 20000000.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-DATA': {
    summary: 'The data file holds another lab, or no lab at all.',
    fix: 'Give another --data file, or delete this one to have it built anew.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-PORT': {
    summary: 'The lab cannot listen on that port.',
    fix: 'Leave the port out to take any free one.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-TARGET-REFUSED': {
    summary: 'A scan was pointed at a server it may not test.',
    fix: 'Scan servers of the contract on this machine; say --authorized-target for others you are allowed to test.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-TARGET-UNREACHABLE': {
    summary: 'A server under test does not answer.',
    fix: 'Start it, or point its name to it with --resolve host:port:address.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITIES-INVALID': {
    summary: 'The identities file has a mistake; nothing was sent.',
    fix: 'Mend the place named; schema/identities.schema.json describes every key.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-SECRET-MISSING': {
    summary: 'The secret of an identity is not where the identities file says.',
    fix: 'Set the variable, or mend the place; secrets are never taken from the command line.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-IDENTITY-DEAD': {
    summary: 'An identity could not be shown to be logged in, so nothing it is refused would mean anything.',
    fix: 'Renew its credential, or name an operation that tells it about itself in `probe`.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITY-DOUBLED': {
    summary: 'Two identities are one and the same principal, or an anonymous caller is taken for one.',
    fix: 'Give each identity an account of its own.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PROOF-INVALID': {
    summary: 'A proof is not one that can be replayed here.',
    fix: 'Use a proof written by `leakproof scan` of this version for this contract.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-EXISTS': {
    summary: 'A recording is never written over another file.',
    fix: 'Name another file, or delete the old one first.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-INVALID': {
    summary: 'A file is no recording, or its header is damaged.',
    fix: 'Use a file written by `leakproof record`.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-KEY': {
    summary: 'The key does not open a recording, or its header was changed.',
    fix: 'Use the key file or passphrase the recording was made with.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-EXPIRED': {
    summary: 'A recording is past the day it names, and is refused.',
    fix: 'Delete it and record again.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORD-OPTIONS': {
    summary: 'The recorder cannot start as asked.',
    fix: 'Run `leakproof record --help` for examples.',
    exit: 2,
    since: '0.1.0',
  },
} as const satisfies Record<string, CodeEntry>;
