import { connect, type Socket } from 'node:net';

/** Sends requests on its own connections; responses are read to their end and discarded. */
export class Load {
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  readonly #requests: readonly Buffer[];
  #next = 0;

  private constructor(requests: readonly Buffer[]) {
    this.#requests = requests;
  }

  static async connect(port: number, connections: number, requests: readonly Buffer[]): Promise<Load> {
    const load = new Load(requests);
    for (let count = 0; count < connections; count++) load.#all.push(await Connection.open(port));
    load.#idle.push(...load.#all);
    return load;
  }

  /** Sends as many requests as possible in this time, one after the other on each connection. */
  async closedLoop(forMs: number): Promise<{ readonly requests: number; readonly tookMs: number }> {
    const began = performance.now();
    let requests = 0;
    const run = async (connection: Connection): Promise<void> => {
      while (performance.now() - began < forMs) {
        await connection.request(this.#request());
        requests++;
      }
    };
    await Promise.all(this.#all.map(run));
    return { requests, tookMs: performance.now() - began };
  }

  /**
   * Sends requests at a constant rate, whether earlier ones have ended or not; returns the latency of each, in milliseconds.
   * Requests begin on the ticks of a timer of 1 ms; the time that one waits for an idle connection counts.
   */
  async openLoop(perSecond: number, forMs: number): Promise<readonly number[]> {
    const latencies: number[] = [];
    const waiting: number[] = [];
    const began = performance.now();
    let due = 0;
    const pending = new Set<Promise<void>>();
    const send = (connection: Connection, since: number): void => {
      const run = async (): Promise<void> => {
        await connection.request(this.#request());
        latencies.push(performance.now() - since);
        const next = waiting.shift();
        if (next === undefined) this.#idle.push(connection);
        else send(connection, next);
      };
      const running = run().finally(() => pending.delete(running));
      pending.add(running);
    };
    while (performance.now() - began < forMs) {
      const now = performance.now();
      for (; due < ((now - began) / 1000) * perSecond; due++) {
        const connection = this.#idle.pop();
        if (connection) send(connection, now);
        else waiting.push(now);
      }
      await new Promise((resolve) => void setTimeout(resolve, 1));
    }
    while (pending.size > 0) await Promise.all(pending);
    return latencies;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #request(): Buffer {
    const request = this.#requests[this.#next++ % this.#requests.length];
    if (request === undefined) throw new Error('There are no requests.');
    return request;
  }
}

/** All responses are read into it: allocating memory for each would measure the garbage collector of this process. */
const READ_INTO = Buffer.alloc(64 * 1024);

/** One connection of HTTP/1.1. Every response must be 200; its end is found by length or last chunk. */
export class Connection {
  readonly #socket: Socket;
  #resolve: ((bytes: number) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #expected = 0;
  #received = 0;

  private constructor(port: number) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: READ_INTO, callback: this.#onRead },
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#reject?.(new Error('A connection was closed under load.')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(port);
      connection.#socket.once('error', reject).once('connect', () => resolve(connection));
    });
  }

  /** Sends a request; resolves with the size of the response in bytes. */
  request(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error('The connection is closed.'));
      this.#resolve = resolve;
      this.#reject = reject;
      this.#received = 0;
      this.#expected = 0;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#reject = undefined;
    this.#socket.destroy();
  }

  /** Called with the number of bytes in the read buffer; true to continue reading. */
  readonly #onRead = (length: number, buffer: Uint8Array): boolean => {
    const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
    if (this.#received === 0) {
      const head = chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n') + 4);
      if (!head.startsWith('HTTP/1.1 200')) {
        this.#reject?.(new Error(`A response under load: ${head.split('\r\n', 1)[0]}`));
        return false;
      }
      const announced = /content-length: (\d+)/i.exec(head);
      this.#expected = announced ? head.length + Number(announced[1]) : Infinity;
    }
    this.#received += length;
    const ends =
      this.#expected === Infinity
        ? chunk.toString('latin1', length - 5) === '0\r\n\r\n'
        : this.#received >= this.#expected;
    if (ends) this.#resolve?.(this.#received);
    return true;
  };
}
