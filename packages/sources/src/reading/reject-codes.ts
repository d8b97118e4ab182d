/**
 * What is lost: one item (entry, line, operation), a part of an item that is still read, all that follows, or nothing: the item was
 * read, and is no HTTP exchange.
 */
export type Loss = 'item' | 'part' | 'rest' | 'nothing';

export interface RejectEntry {
  readonly summary: string;
  readonly loses: Loss;
}

/** Every reason for a reject. */
export const REJECT_CODES = {
  'not-json': { summary: 'An item is not JSON.', loses: 'item' },
  'not-yaml': { summary: 'The document is not YAML, or its aliases expand beyond the limit.', loses: 'rest' },
  'yaml-fault': { summary: 'An error in the YAML; the rest was read.', loses: 'part' },
  'yaml-duplicate': { summary: 'A key of a YAML mapping occurs twice; the last one was read.', loses: 'part' },
  'item-not-xml': { summary: 'An item is not well-formed XML.', loses: 'item' },
  'not-graphql': { summary: 'The document is not a GraphQL schema.', loses: 'rest' },
  'not-an-object': { summary: 'An item does not have the structure of the format.', loses: 'item' },
  'wrong-document': { summary: 'The document is of another format.', loses: 'rest' },
  'document-broken': { summary: 'The outer structure of the document is invalid here.', loses: 'rest' },
  'nothing-read': { summary: 'The source contains no exchange or operation.', loses: 'rest' },
  torn: { summary: 'The source ends in the middle of an item.', loses: 'rest' },
  'too-large': { summary: 'An item is larger than the limit.', loses: 'item' },
  'document-too-large': { summary: 'The document is larger than the limit.', loses: 'rest' },
  'url-invalid': { summary: 'The URL of a request is missing or invalid.', loses: 'item' },
  'url-not-http': { summary: 'The URL is not http or https (data:, chrome-extension:, ws:, …).', loses: 'nothing' },
  'method-invalid': { summary: 'The method of a request is missing or invalid.', loses: 'item' },
  'request-missing': { summary: 'An item has no request.', loses: 'item' },
  'request-unreadable': { summary: 'A request is not an HTTP message.', loses: 'item' },
  'response-unreadable': {
    summary: 'A response is not an HTTP message; the request was read.',
    loses: 'part',
  },
  'header-invalid': { summary: 'A header has no name or no value; the exchange was read without it.', loses: 'part' },
  'body-undecodable': {
    summary: 'A body cannot be decoded; the exchange was read without it.',
    loses: 'part',
  },
  'body-absent': { summary: 'The source does not contain a body that the message had.', loses: 'part' },
  'line-unreadable': { summary: 'A line is in no known format.', loses: 'item' },
  'line-not-a-request': {
    summary: 'A line of the format records no HTTP request (TLS failure, TCP connection).',
    loses: 'nothing',
  },
  'field-unreadable': { summary: 'A field of an item is invalid; the item was read without it.', loses: 'part' },
  'operation-invalid': { summary: 'A declared operation is invalid.', loses: 'item' },
  'path-invalid': { summary: 'A path item is invalid; its operations are lost.', loses: 'item' },
  'parameter-invalid': {
    summary: 'A declared parameter is invalid; the operation was read without it.',
    loses: 'part',
  },
  'style-unknown': {
    summary: 'A declared parameter has a style that OpenAPI does not have there; it was read as the default.',
    loses: 'part',
  },
  'schema-invalid': { summary: 'A declared schema is invalid; the operation was read without it.', loses: 'part' },
  'ref-unresolved': { summary: 'A reference has no target.', loses: 'part' },
  'ref-cycle': { summary: 'References form a cycle without a value.', loses: 'part' },
  'ref-external': { summary: 'A reference to another document, which was not loaded.', loses: 'part' },
  'fields-limit': {
    summary: 'A body declares more properties than the limit; the others are not listed.',
    loses: 'part',
  },
  'definition-invalid': { summary: 'A definition of a GraphQL schema is invalid.', loses: 'item' },
  'not-a-definition': { summary: 'A query or fragment in a schema document.', loses: 'part' },
  'suggestion-unreadable': { summary: 'A line has a suggestion in an unknown format.', loses: 'item' },
  'version-unsupported': { summary: 'The version of the format is unknown.', loses: 'rest' },
  'script-ignored': { summary: 'A script that may change requests at run time; it was not run.', loses: 'part' },
  'variable-unset': { summary: 'A variable has no value; the request was read with its name.', loses: 'part' },
  'quote-open': { summary: 'A quote of a command is not closed.', loses: 'item' },
  'argument-unknown': {
    summary: 'An unknown command-line argument; the request was read without it.',
    loses: 'part',
  },
  'auth-unsupported': {
    summary: 'A kind of authentication that cannot be written in a request; the caller is unknown.',
    loses: 'part',
  },
} as const satisfies Record<string, RejectEntry>;

export type RejectCode = keyof typeof REJECT_CODES;
