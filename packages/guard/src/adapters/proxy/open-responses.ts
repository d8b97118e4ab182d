import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SlotList, type Slotted } from './slot-list.ts';

interface OpenResponse extends Slotted {
  readonly number: number;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** The responses under way, by connection. */
export class OpenResponses {
  readonly #bySocket = new WeakMap<Socket, SlotList<OpenResponse>>();
  readonly #sockets = new Set<Socket>();
  #number = 0;

  add(message: IncomingMessage, response: ServerResponse): void {
    const { socket } = message;
    let open = this.#bySocket.get(socket);
    if (!open) {
      this.#bySocket.set(socket, (open = new SlotList()));
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const own: OpenResponse = { number: ++this.#number, message, response, slot: -1 };
    const all = open;
    all.add(own);
    response.once('close', () => void all.remove(own));
  }

  /**
   * Ends a connection on which a client has sent something that is no HTTP: with `refuse`, if nothing is under way on it. Complete
   * requests before it are answered first; nothing is ever written into a response that has begun.
   */
  endAfterError(socket: Socket, refuse: () => void): void {
    const open = (this.#bySocket.get(socket)?.filter(() => true) ?? []).sort((a, b) => a.number - b.number);
    const last = open.findLast(({ message }) => message.complete);
    if (last) last.response.once('close', () => socket.destroySoon());
    else if (open.some(({ response }) => response.headersSent)) socket.destroy();
    else refuse();
  }

  /** Breaks all connections with a response under way. */
  breakOff(): void {
    for (const socket of this.#sockets)
      for (const { response } of this.#bySocket.get(socket)?.filter(() => true) ?? []) response.destroy();
  }
}
