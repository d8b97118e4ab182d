import type { Exchange } from '@leakproof/core';
import { readRawExchange, type RawContext } from '../../reading/raw-exchange.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { XmlElementSplitter } from '../../reading/xml/split-xml.ts';
import { childOf, readElement } from '../../reading/xml/xml-element.ts';
import type { ZapSink } from './messages.ts';

/** The `<instance>`s of a report with messages (XML-plus). In a report without them only method and URL are known. */
export class ReportInstances {
  readonly #splitter: XmlElementSplitter;
  #any = false;

  constructor({ maxBytes, contextAt, add }: ZapSink) {
    this.#splitter = new XmlElementSplitter('instance', maxBytes, (element, index) => {
      this.#any = true;
      const at = `instance ${index + 1}`;
      add(element === undefined ? 'too-large' : readInstance(element.toString(), at, contextAt(at)), at);
    });
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  end(): 'done' | 'torn' | 'nothing' {
    return this.#splitter.end() ? 'torn' : this.#any ? 'done' : 'nothing';
  }
}

function readInstance(xml: string, at: string, context: RawContext): Exchange | RejectCode {
  const children = readElement(xml);
  if (children === undefined) return 'item-not-xml';
  const text = (name: string): string | undefined => childOf(children, name)?.text;
  const url = text('uri')?.trim();
  const head = text('requestheader') ?? (url === undefined ? '' : `${text('method') ?? 'GET'} ${url} HTTP/1.1\r\n\r\n`);
  if (head === '') return 'request-missing';
  const responseHead = text('responseheader');
  // A report without messages does not say whether a credential was sent.
  const source: RawContext['source'] =
    text('requestheader') === undefined ? { ...context.source, without: 'unknown' } : context.source;
  return readRawExchange(
    {
      request: Buffer.from(`${head.trimEnd()}\r\n\r\n${text('requestbody') ?? ''}`),
      response:
        responseHead === undefined || responseHead.trim() === ''
          ? undefined
          : Buffer.from(`${responseHead.trimEnd()}\r\n\r\n${text('responsebody') ?? ''}`),
      url,
      at,
    },
    { ...context, source },
  );
}
