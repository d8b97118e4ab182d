/** What a reject takes away: one whole item (entry, line, operation), a part of an item that is still read, or all that follows. */
export type Loss = 'item' | 'part' | 'rest';

export interface RejectEntry {
  readonly summary: string;
  readonly loses: Loss;
}

/** Every reason for which a reader passes something over. */
export const REJECT_CODES = {
  'not-json': { summary: 'Not JSON where JSON was due.', loses: 'item' },
  'not-yaml': { summary: 'Not YAML, or YAML whose aliases unfold beyond the limit.', loses: 'rest' },
  'yaml-fault': { summary: 'A fault in the YAML; what could be read around it was.', loses: 'part' },
  'item-not-xml': { summary: 'An item is not well-formed XML.', loses: 'item' },
  'not-graphql': { summary: 'Not a GraphQL schema document.', loses: 'rest' },
  'not-an-object': { summary: 'An item is not of the shape the format asks for.', loses: 'item' },
  'wrong-document': { summary: 'The document is not of the kind this reader reads.', loses: 'rest' },
  'document-broken': { summary: 'The outer structure of the document breaks here.', loses: 'rest' },
  'nothing-read': { summary: 'The source holds nothing of what its format is for.', loses: 'part' },
  torn: { summary: 'The source ends in the middle of an item.', loses: 'rest' },
  'too-large': { summary: 'An item is larger than the limit.', loses: 'item' },
  'document-too-large': { summary: 'The document is larger than the limit.', loses: 'rest' },
  'url-invalid': { summary: 'The URL of a request is missing or cannot be read.', loses: 'item' },
  'url-not-http': { summary: 'The URL is not http or https (data:, chrome-extension:, ws:, …).', loses: 'item' },
  'method-invalid': { summary: 'The method of a request is missing or cannot be read.', loses: 'item' },
  'request-missing': { summary: 'An item has no request.', loses: 'item' },
  'request-unreadable': { summary: 'The bytes of a request are not an HTTP message.', loses: 'item' },
  'response-unreadable': {
    summary: 'The bytes of a response are not an HTTP message; the request was read.',
    loses: 'part',
  },
  'header-invalid': { summary: 'A header has no name or no value; the exchange was read without it.', loses: 'part' },
  'body-undecodable': {
    summary: 'A body is not in the encoding it claims; the exchange was read without it.',
    loses: 'part',
  },
  'body-absent': { summary: 'The source knows of a body and did not keep it.', loses: 'part' },
  'line-unreadable': { summary: 'A line fits no known format.', loses: 'item' },
  'line-not-a-request': {
    summary: 'A line is of the format and records no HTTP request (TLS failure, TCP connection).',
    loses: 'item',
  },
  'field-unreadable': { summary: 'A field of an item cannot be read; the item was read without it.', loses: 'part' },
  'operation-invalid': { summary: 'A declared operation cannot be read.', loses: 'item' },
  'path-invalid': { summary: 'A path item cannot be read; its operations are lost.', loses: 'item' },
  'parameter-invalid': {
    summary: 'A declared parameter cannot be read; the operation was read without it.',
    loses: 'part',
  },
  'schema-invalid': { summary: 'A declared schema cannot be read; the operation was read without it.', loses: 'part' },
  'ref-unresolved': { summary: 'A reference leads nowhere.', loses: 'part' },
  'ref-cycle': { summary: 'References lead in a circle and never to a value.', loses: 'part' },
  'ref-external': { summary: 'A reference leads to another document, which was not asked for.', loses: 'part' },
  'fields-limit': {
    summary: 'A body declares more properties than the limit; those beyond are not listed.',
    loses: 'part',
  },
  'definition-invalid': { summary: 'A definition of a GraphQL schema cannot be read.', loses: 'item' },
  'not-a-definition': { summary: 'A query or fragment stands in a schema document.', loses: 'part' },
  'suggestion-unreadable': { summary: 'A line suggests something in words that are not known.', loses: 'item' },
  'version-unsupported': { summary: 'The format is of a version this reader does not know.', loses: 'rest' },
  'script-ignored': { summary: 'A script that may change requests at run time was not run.', loses: 'part' },
  'variable-unset': { summary: 'A variable has no value; the request was read with its name in place.', loses: 'part' },
  'quote-open': { summary: 'A quote of a command is never closed.', loses: 'item' },
  'argument-unknown': {
    summary: 'A command-line argument is not understood; the request was read without it.',
    loses: 'part',
  },
  'auth-unsupported': {
    summary: 'A kind of authentication cannot be written as a request; the caller is unknown.',
    loses: 'part',
  },
} as const satisfies Record<string, RejectEntry>;

export type RejectCode = keyof typeof REJECT_CODES;
