import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface OpenResponse {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** The responses under way, by connection. */
export class OpenResponses {
  readonly #bySocket = new Map<Socket, OpenResponse[]>();

  add(message: IncomingMessage, response: ServerResponse): void {
    const { socket } = message;
    const open = this.#bySocket.get(socket) ?? [];
    open.push({ message, response });
    this.#bySocket.set(socket, open);
    response.once('close', () => {
      const left = (this.#bySocket.get(socket) ?? []).filter((each) => each.response !== response);
      if (left.length > 0) this.#bySocket.set(socket, left);
      else this.#bySocket.delete(socket);
    });
  }

  /**
   * Ends a connection on which a client has sent something that is no HTTP: with `refuse`, if nothing is under way on it. Complete
   * requests before it are answered first; nothing is ever written into a response that has begun.
   */
  endAfterError(socket: Socket, refuse: () => void): void {
    const open = this.#bySocket.get(socket) ?? [];
    const last = open.findLast(({ message }) => message.complete);
    if (last) last.response.once('close', () => socket.destroySoon());
    else if (open.some(({ response }) => response.headersSent)) socket.destroy();
    else refuse();
  }

  /** Breaks all connections with a response under way. */
  breakOff(): void {
    for (const open of this.#bySocket.values()) for (const { response } of open) response.destroy();
  }
}
