/** Requests and tunnels of a recorder, by outcome. */
export interface RecorderCounts {
  recorded: number;
  /** Forwarded without recording: the host is not on the list. */
  passedOver: number;
  tunnels: number;
  /** No response, or an incomplete one. */
  failed: number;
  /** Recorded without a body that was too large or could not be decoded. */
  withoutBody: number;
}
