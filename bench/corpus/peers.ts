import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProxyUnderTest } from '../../test/corpus/proxy-under-test.ts';
import { freePort } from '../guard/free-port.ts';
import { debianPeers, npmPeers } from '../guard/install-peers.ts';
import { startNginxProxy } from '../guard/nginx.ts';
import type { PeerName, PeerScript } from '../guard/serve-peer.ts';
import { type ServerProcess, startProcess, startScript } from '../guard/server-process.ts';
import { startRelay } from './relay.ts';

export interface Peer extends ProxyUnderTest {
  stop(): Promise<void>;
}

/** An idle connection is closed after this time: some peers keep it open even after `Connection: close`. */
const PATIENCE_MS = 400;

/** All peers that can be installed, each one process for the whole corpus, between two relays to client and origin. */
export function startPeers(folder: string): readonly Promise<Peer>[] {
  const root = debianPeers();
  const modules = npmPeers();
  const script = (peer: PeerName) => (originPort: number) =>
    startScript('serve-peer.ts', { peer, modules, originPort } satisfies PeerScript);
  const starts: Record<string, (originPort: number) => Promise<ServerProcess>> = {
    ...(root && {
      nginx: (originPort) => startNginxProxy(root, folder, originPort),
      haproxy: (originPort) => startHaproxy(root, folder, originPort),
      caddy: (originPort) => startCaddy(root, folder, originPort),
    }),
    ...(modules && {
      'http-proxy-3': script('http-proxy-3'),
      httpxy: script('httpxy'),
      '@fastify/http-proxy': script('@fastify/http-proxy'),
    }),
  };
  return Object.entries(starts).map(([name, start]) => startPeer(name, start));
}

async function startPeer(name: string, start: (originPort: number) => Promise<ServerProcess>): Promise<Peer> {
  const back = await startRelay();
  const server = await start(back.port);
  const front = await startRelay(server.port, PATIENCE_MS);
  return {
    name,
    start: async (originPort) => {
      back.target = originPort;
      return {
        port: front.port,
        close: async () => {
          front.cut();
          // A peer that retries must not reach an origin that is being closed.
          back.target = 0;
          back.cut();
        },
      };
    },
    stop: async () => {
      await server.stop();
      front.close();
      back.close();
    },
  };
}

async function startHaproxy(root: string, folder: string, originPort: number): Promise<ServerProcess> {
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  const timeouts = 'timeout connect 2s\n timeout client 10s\n timeout server 2s';
  writeFileSync(
    file,
    `defaults\n mode http\n ${timeouts}\nfrontend all\n bind 127.0.0.1:${port}\n default_backend api\nbackend api\n http-reuse never\n server origin 127.0.0.1:${originPort}\n`,
  );
  return startProcess({
    program: join(root, 'usr/sbin/haproxy'),
    args: ['-q', '-db', '-f', file],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
    port,
  });
}

async function startCaddy(root: string, folder: string, originPort: number): Promise<ServerProcess> {
  const port = await freePort();
  const home = join(folder, 'caddy');
  mkdirSync(home, { recursive: true });
  const file = join(home, 'Caddyfile');
  const global = '{\n admin off\n auto_https off\n log {\n  level ERROR\n  output discard\n }\n}';
  writeFileSync(file, `${global}\nhttp://:${port} {\n bind 127.0.0.1\n reverse_proxy 127.0.0.1:${originPort}\n}\n`);
  return startProcess({
    program: join(root, 'usr/bin/caddy'),
    args: ['run', '--config', file, '--adapter', 'caddyfile'],
    env: { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home },
    port,
  });
}
