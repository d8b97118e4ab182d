/** What passed through, by what became of it. */
export interface RecorderCounts {
  recorded: number;
  /** Forwarded, since the host is not on the list. */
  passedOver: number;
  tunnels: number;
  /** No server answered, or it broke off. */
  failed: number;
  /** Exchanges recorded without a body, which was beyond the limit or could not be decoded. */
  withoutBody: number;
}
