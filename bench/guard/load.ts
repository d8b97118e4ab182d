import { connect, type Socket } from 'node:net';

/** Requests on connections of their own, each as bytes; answers are read to their end and thrown away. */
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

  /** As many requests as all connections can make in this time, one after the other on each. */
  async saturate(forMs: number): Promise<{ readonly requests: number; readonly tookMs: number }> {
    const began = performance.now();
    let requests = 0;
    const run = async (connection: Connection): Promise<void> => {
      while (performance.now() - began < forMs) {
        await connection.ask(this.#request());
        requests++;
      }
    };
    await Promise.all(this.#all.map(run));
    return { requests, tookMs: performance.now() - began };
  }

  /**
   * A steady stream of requests whatever becomes of them, and how long each took, in milliseconds. They begin on the
   * ticks of a timer of 1 ms; one that finds no idle connection waits for one, and its time runs meanwhile.
   */
  async steady(perSecond: number, forMs: number): Promise<readonly number[]> {
    const latencies: number[] = [];
    const waiting: number[] = [];
    const began = performance.now();
    let due = 0;
    const pending = new Set<Promise<void>>();
    const send = (connection: Connection, since: number): void => {
      const ask = async (): Promise<void> => {
        await connection.ask(this.#request());
        latencies.push(performance.now() - since);
        const next = waiting.shift();
        if (next === undefined) this.#idle.push(connection);
        else send(connection, next);
      };
      const asking = ask().finally(() => pending.delete(asking));
      pending.add(asking);
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
    if (request === undefined) throw new Error('There is nothing to ask.');
    return request;
  }
}

/** Answers are thrown away: memory for each would make the collector of this process part of what is measured. */
const READ_INTO = Buffer.alloc(64 * 1024);

/** One connection of HTTP/1.1. Only answers of 200 are taken; lengths and chunks end them. */
export class Connection {
  readonly #socket: Socket;
  #answered: ((bytes: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #expected = 0;
  #received = 0;

  private constructor(port: number) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: READ_INTO, callback: this.#take },
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#failed?.(new Error('A connection ended while it was under load.')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(port);
      connection.#socket.once('error', reject).once('connect', () => resolve(connection));
    });
  }

  /** Bytes of the answer. */
  ask(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error('A connection ended before it was asked.'));
      this.#answered = resolve;
      this.#failed = reject;
      this.#received = 0;
      this.#expected = 0;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  /** Takes so many bytes of the buffer that was read into; true to read on. */
  readonly #take = (length: number, buffer: Uint8Array): boolean => {
    const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
    if (this.#received === 0) {
      const head = chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n') + 4);
      if (!head.startsWith('HTTP/1.1 200')) {
        this.#failed?.(new Error(`An answer under load: ${head.split('\r\n', 1)[0]}`));
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
    if (ends) this.#answered?.(this.#received);
    return true;
  };
}
