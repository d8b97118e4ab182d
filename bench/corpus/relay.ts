import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Forwards bytes between its clients and the current target port. */
export interface Relay {
  readonly port: number;
  target: number;
  /** Closes all connections, on both sides. */
  cut(): void;
  close(): void;
}

/** `idleMs`: an idle connection is closed after this time; 0: never. */
export async function startRelay(target = 0, idleMs = 0): Promise<Relay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.pipe(other);
  };
  const server = createServer((near) => {
    const far = connect(relay.target, '127.0.0.1');
    near.setTimeout(idleMs, () => near.destroy());
    keep(near, far);
    keep(far, near);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    target,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      relay.cut();
      server.close();
    },
  };
  return relay;
}
