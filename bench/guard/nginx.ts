import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

/** nginx that serves `pages` as static files: `/users?page=N`. */
export async function startNginxOrigin(root: string, folder: string, pages: readonly string[]): Promise<ServerProcess> {
  const files = join(folder, 'pages');
  mkdirSync(files, { recursive: true });
  pages.forEach((body, page) => writeFileSync(join(files, `${page}.json`), body));
  const cache = 'open_file_cache max=1000; open_file_cache_valid 60m; default_type application/json;';
  const server = `${cache} root ${files}; location = /users { try_files /$arg_page.json =404; }`;
  return startNginx(root, join(folder, 'origin'), { server });
}

/** nginx as a proxy, configured as its manual recommends: HTTP/1.1, keep-alive connections. */
export function startNginxProxy(root: string, folder: string, originPort: number): Promise<ServerProcess> {
  return startNginx(root, join(folder, 'nginx'), { server: PROXY, upstreams: upstream(originPort) });
}

/** The same with ModSecurity and the Core Rule Set of Debian, enabled, with JSON responses inspected. */
export function startModSecurity(root: string, folder: string, originPort: number): Promise<ServerProcess> {
  const rules = join(folder, 'modsecurity');
  mkdirSync(rules, { recursive: true });
  const settings = readFileSync(join(root, 'etc/nginx/modsecurity.conf'), 'utf8')
    .replace('SecRuleEngine DetectionOnly', 'SecRuleEngine On')
    .replace(/^SecResponseBodyMimeType .*/m, 'SecResponseBodyMimeType text/plain text/html text/xml application/json')
    .replace(/^SecAuditEngine .*/m, 'SecAuditEngine Off');
  const includes = ['etc/modsecurity/crs/crs-setup.conf', 'usr/share/modsecurity-crs/rules/*.conf'];
  writeFileSync(
    join(rules, 'main.conf'),
    [settings, ...includes.map((path) => `Include ${join(root, path)}`)].join('\n'),
  );
  cpSync(join(root, 'etc/nginx/unicode.mapping'), join(rules, 'unicode.mapping'));
  const modules = `load_module ${join(root, 'usr/lib/nginx/modules/ngx_http_modsecurity_module.so')};`;
  const location = `modsecurity on; modsecurity_rules_file ${join(rules, 'main.conf')}; ${PROXY}`;
  return startNginx(root, join(folder, 'waf'), { modules, server: location, upstreams: upstream(originPort) });
}

function upstream(originPort: number): string {
  return `upstream origin { server 127.0.0.1:${originPort}; keepalive 64; keepalive_requests 100000000; }`;
}

const PROXY =
  'location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header Connection ""; }';

/** Parts of a configuration file. */
interface Configuration {
  readonly modules?: string;
  readonly upstreams?: string;
  readonly server: string;
}

async function startNginx(
  root: string,
  prefix: string,
  { modules = '', upstreams = '', server }: Configuration,
): Promise<ServerProcess> {
  const port = await freePort();
  mkdirSync(prefix, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((name) => `${name}_temp_path ${join(prefix, name)};`).join(' ');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const configuration = `${modules} ${user} daemon off; worker_processes 1; pid ${prefix}/pid; error_log ${prefix}/error.txt error;
events { worker_connections 1024; }
http { access_log off; ${paths} sendfile on; tcp_nopush on; keepalive_timeout 600s; keepalive_requests 100000000;
${upstreams}
server { listen 127.0.0.1:${port}; server_name _; ${server} } }`;
  writeFileSync(join(prefix, 'nginx.conf'), configuration);
  return startProcess({
    program: join(root, 'usr/sbin/nginx'),
    args: ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', join(prefix, 'error.txt')],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
    port,
  });
}
