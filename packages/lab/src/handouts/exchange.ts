import type { Channel, Protocol, Region } from '../rules/stage.ts';

/** One request with its response as sent, with the signatures of tokens replaced. */
export interface RecordedExchange {
  readonly startedMs: number;
  readonly tookMs: number;
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** Username of the caller; undefined if anonymous. */
  readonly caller: string | undefined;
  readonly clientAddress: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | undefined;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}
