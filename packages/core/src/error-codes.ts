import { CALLER_CODES } from './caller-codes.ts';

/** What an error code means: `exit` is the process exit code (docs/exit-codes.md): 2 usage, 3 inconclusive, 4 internal. */
export interface CodeEntry {
  readonly summary: string;
  /** Default advice, where the error itself has none. */
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
    summary: 'A body declared as JSON is not strict JSON (RFC 8259: UTF-8, no duplicate keys).',
    fix: 'Correct the body at the position named; none of it was used.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-BODY-MISSHAPEN': {
    summary: 'A response body does not have the shape that the contract says the operation returns.',
    fix: "Compare `returns` of the operation with the API's response, and correct the one that is wrong.",
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITY-INVALID': {
    summary: 'The claims of a caller lack a member that the contract names.',
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
    summary: 'The caller is authenticated, and the contract does not allow it this operation.',
    fix: 'If it should be allowed, widen `by` of the operation in the contract.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CALLER-UNKNOWN': {
    summary: 'The operation requires authentication.',
    fix: 'Send a valid credential of a principal kind that the contract names.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-OPERATION-UNDECLARED': {
    summary: 'No operation of the contract matches this request.',
    fix: 'Declare the operation in the contract, or leave it refused.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PARAMETER-UNDECLARED': {
    summary: 'A request has a parameter that the contract does not declare.',
    fix: 'Declare it (`parameters`, `accepts`), or leave it out.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PRINCIPAL-ASSERTED': {
    summary: 'A request names another caller than the authenticated one.',
    fix: 'Omit the parameter, or send the id of the authenticated caller.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-AMBIGUOUS': {
    summary: 'Two servers could read this request differently.',
    fix: 'Send the target in normal form: no percent-encoded separators, no dot segments, no parameter twice.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-QUERY-INVALID': {
    summary: 'A GraphQL request is not valid for this schema, or is larger than the limits.',
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
    summary: 'The fact log contains bytes that its writer did not write.',
    fix: 'Copy the files unchanged, then compare them with a backup from the position named.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-FULL': {
    summary: 'The disk or quota under the fact log is full.',
    fix: 'Free some space; the log retries by itself.',
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
    fix: 'Look for a frozen volume or another process that saturates it; the log continues by itself once the disk answers.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-WRITE': {
    summary: 'The fact log could not be written.',
    fix: 'Check the volume and its permissions; the log retries by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-FRAMING': {
    summary: 'The headers or the framing of a request are ambiguous.',
    fix: 'Send Host, Authorization, Content-Type and Content-Length at most once, and frame the body in one way.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-OVERRIDE': {
    summary: 'A header or parameter of a request names another method or target than its request line.',
    fix: 'Send the method and the path in the request line. A proxy in front of the guard that adds such a header must not.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-HOST-UNKNOWN': {
    summary: 'The host of a request is no server of the contract.',
    fix: 'Send the Host of a server in `api.servers`, or declare the one that clients use.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-TOO-LARGE': {
    summary: 'A request body is larger than the limit.',
    fix: 'Raise maxRequestBytes if the API accepts bodies this large.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-REQUEST-UNREADABLE': {
    summary: 'A request body is not JSON in UTF-8, or has an unsupported content coding.',
    fix: 'Send application/json, uncompressed or with gzip, deflate or br.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CREDENTIAL-INVALID': {
    summary: 'A request has an invalid credential, or more than one.',
    fix: 'Send one valid credential, or none.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-KEYS-UNAVAILABLE': {
    summary: 'The keys of an issuer cannot be fetched, so its tokens cannot be verified.',
    fix: 'Check the address in `jwks`, its --upstream, and that the issuer runs; the guard retries by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-BUSY': {
    summary: 'All connections to the origin that this caller may have are in use.',
    fix: 'Raise --max-connections, --max-long-connections or the limits for one caller, if the origin can answer more at once.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-UNREACHABLE': {
    summary: 'The origin did not answer, or not in time.',
    fix: 'Check the address given with --upstream, and that the origin runs.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-CUT-OFF': {
    summary: 'The origin ended a response before it was complete; none of it was released.',
    fix: 'Look for the cause at the origin.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-ORIGIN-ERROR': {
    summary: 'The origin answered with an error; its body was replaced by a plain one with the same status.',
    fix: 'Look for the cause at the origin.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-RESPONSE-UNREADABLE': {
    summary: 'A response has an unsupported form; none of it was released.',
    fix: 'Let the origin answer whole JSON in UTF-8, uncompressed or with gzip, deflate, br or zstd.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-RESPONSE-TOO-LARGE': {
    summary: 'A response is larger than the limit, or grows too much when it is decompressed.',
    fix: 'Raise maxBodyBytes or maxElementBytes if the API sends bodies this large.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-OWNER-UNKNOWN': {
    summary: 'The owner of an object in a response is unknown.',
    fix: "Compare `owner` of the resource with the API's response.",
    exit: 3,
    since: '0.1.0',
  },
  'LP-BUDGET-SPENT': {
    summary: 'A principal has received the data of as many people as its budget allows.',
    fix: 'Wait until the window has passed; raise `max` in `budgets` if the use is legitimate.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-BUDGET-FROZEN': {
    summary: 'A principal continued after its budget was spent, and is refused until the window has passed.',
    fix: 'Wait until the window has passed.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-GUARD-LISTEN': {
    summary: 'The guard could not listen at its address.',
    fix: 'Choose a free port of an address of this machine.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-TOKEN-KEY': {
    summary: 'The token key is unusable.',
    fix: 'Give a file of exactly 32 bytes that only its owner may read, or a path at which one can be made.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-UPSTREAM-MISSING': {
    summary: 'The contract names a host without an --upstream address.',
    fix: 'Give one --upstream HOST=ADDRESS:PORT for every host of the contract.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORD-INVALID': {
    summary: 'A record of the fact log has a form that this version does not know.',
    fix: 'Read the log with the version of Leakproof that wrote it, or a newer one.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-CONTRACT-INVALID': {
    summary: 'The exposure contract has mistakes; none of it was loaded.',
    fix: 'Correct each position named; `leakproof contract check` lists them all.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-ANSWERS-INVALID': {
    summary: 'An answers file could not be read.',
    fix: 'Write lines like "User.contact: self"; docs/draft.md has the format.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-STAGE': {
    summary: 'The lab has no stage of that name.',
    fix: 'Name one of the stages that `leakproof lab stages` prints.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-STAGE-FILE': {
    summary: 'The file is not a stage of the lab; nothing was started.',
    fix: 'Correct the position named; the README of the lab shows a stage file.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-MEMBERS': {
    summary: 'The lab cannot be made with that many members.',
    fix: 'Use a whole number of members between 100 and 20000000.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-DATA': {
    summary: 'The data file contains another lab, or none.',
    fix: 'Name another --data file, or delete this one to build it again.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LAB-IDENTITY': {
    summary: 'The lab has no member of that name.',
    fix: 'Name one of the members that `leakproof lab up` prints.',
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
    summary: 'The scan may not test this server.',
    fix: 'Scan servers of the contract on this machine; add --authorized-target for others that you are authorized to test.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-TARGET-UNREACHABLE': {
    summary: 'A server under test does not answer.',
    fix: 'Start it, or map its name with --resolve host:port:address.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITIES-INVALID': {
    summary: 'The identities file has a mistake; nothing was sent.',
    fix: 'Correct the position named; schema/identities.schema.json describes every key.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-SECRET-MISSING': {
    summary: 'The secret of an identity is not where the identities file says.',
    fix: 'Set the variable, or correct the reference; secrets are never read from the command line.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-IDENTITY-DEAD': {
    summary: 'An identity is not shown to be authenticated, so a refusal of its requests would prove nothing.',
    fix: 'Renew its credential, or name an operation that returns its own account in `probe`.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-IDENTITY-DOUBLED': {
    summary: 'Two identities are the same principal, or an anonymous caller is taken for one.',
    fix: 'Give each identity an account of its own.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-PROOF-INVALID': {
    summary: 'The proof cannot be replayed here.',
    fix: 'Use a proof written by `leakproof scan` of this version for this contract.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-EXISTS': {
    summary: 'The recording would overwrite an existing file.',
    fix: 'Name another file, or delete the old one first.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORDING-INVALID': {
    summary: 'The file is not a recording, or its header is damaged.',
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
    summary: 'The recording has expired.',
    fix: 'Delete it and record again.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-RECORD-OPTIONS': {
    summary: 'The options of the recorder are invalid.',
    fix: 'Run `leakproof record --help` for examples.',
    exit: 2,
    since: '0.1.0',
  },
  ...CALLER_CODES,
} as const satisfies Record<string, CodeEntry>;
