import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The proxies that the guard is compared with. None is a dependency of the repository. */
const PACKAGES = {
  'http-proxy-3': '2.0.1',
  httpxy: '0.5.6',
  '@fastify/http-proxy': '11.6.3',
  fastify: '5.12.8',
} as const;

const DEBIAN = ['nginx-core', 'libnginx-mod-http-modsecurity', 'modsecurity-crs', 'haproxy', 'caddy'] as const;

const FOLDER = join(import.meta.dirname, '..', '..', '.leakproof', 'peers');

/** `node_modules` of the peers from npm, installed at first use; undefined, with the reason on stderr, if that fails. */
export function npmPeers(): string | undefined {
  const folder = join(FOLDER, 'npm');
  const modules = join(folder, 'node_modules');
  if (Object.keys(PACKAGES).every((name) => existsSync(join(modules, name)))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  return install(`${wanted.join(' ')} with npm`, () => {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', '--prefix', folder, ...flags, ...wanted], { stdio: 'ignore' });
    return modules;
  });
}

/**
 * A folder with the unpacked peers from Debian and their libraries; nothing of the system is changed, and no root is needed.
 * Undefined, with the reason on stderr, where there is no apt.
 */
export function debianPeers(): string | undefined {
  const root = join(FOLDER, 'apt', 'root');
  const archives = join(FOLDER, 'apt', 'archives');
  if (existsSync(join(root, 'usr/sbin/nginx'))) return root;
  mkdirSync(join(archives, 'partial'), { recursive: true });
  return install(`${DEBIAN.join(' ')} with apt`, () => {
    const options = ['-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${archives}`];
    const flags = ['-y', '-q', '--no-install-recommends', '--download-only'];
    execFileSync('apt-get', [...options, ...flags, 'install', ...DEBIAN], { stdio: 'ignore' });
    for (const name of readdirSync(archives).filter((each) => each.endsWith('.deb'))) {
      execFileSync('dpkg-deb', ['-x', join(archives, name), root], { stdio: 'ignore' });
    }
    return root;
  });
}

function install(what: string, run: () => string): string | undefined {
  process.stderr.write(`peers: installing ${what} into .leakproof/peers\n`);
  try {
    return run();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    process.stderr.write(`peers: skipped, ${reason}\n`);
    return undefined;
  }
}
