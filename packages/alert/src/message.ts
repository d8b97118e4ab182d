/** One message for one target. `data` must hold no personal data: it leaves by webhooks. */
export interface Message {
  /** Unique: a receiver that gets it twice can tell. */
  readonly id: string;
  readonly target: string;
  readonly subject: string;
  readonly text: string;
  /** The thread it belongs to: the same for every message of one case. */
  readonly thread?: string | undefined;
  /** Whether a program wrote it, so that no other program answers (RFC 3834). */
  readonly isAutomatic: boolean;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Takes messages to where they are read. */
export interface Sink {
  /** Throws LP-DELIVERY-FAILED if it may work later. */
  deliver(message: Message): Promise<void>;
}
