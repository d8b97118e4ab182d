/** One request to a virtual host, without credentials. */
export interface ProbeRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The response to one. */
export interface ProbeResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Parsed if the Content-Type is JSON, otherwise the text; undefined if there is no body. */
  readonly body: unknown;
}
