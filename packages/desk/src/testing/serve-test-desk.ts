import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DeskConfig } from '../config/config.ts';
import { type RunningDesk, serveDesk, type ServeOptions } from '../serve/serve-desk.ts';

/** A desk with both servers on free ports, for one test. */
export async function serveTestDesk(
  config: Partial<Record<keyof DeskConfig, unknown>> = {},
  options: ServeOptions = {},
): Promise<RunningDesk> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-desk-'));
  const running = await serveDesk(
    DeskConfig.parse({
      database: join(directory, 'desk.db'),
      reporter: { listen: '127.0.0.1:0' },
      staff: { listen: '127.0.0.1:0' },
      ...config,
    }),
    { everyMs: 3_600_000, ...options },
  );
  onTestFinished(async () => {
    await running.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return running;
}

/** A browser without scripts: it keeps cookies and follows redirects of forms. */
export class Visitor {
  readonly origin: string;
  cookie = '';
  constructor(origin: string) {
    this.origin = origin;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#send(path, { headers });
  }

  async post(
    path: string,
    fields: Record<string, string>,
    files: readonly { readonly name: string; readonly content: Uint8Array }[] = [],
  ): Promise<Page> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const { name, content } of files) form.append('files', new Blob([new Uint8Array(content)]), name);
    return this.#send(path, { method: 'POST', body: form, headers: { origin: this.origin } });
  }

  async json(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Page> {
    return this.#send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async #send(path: string, { headers, ...init }: Sent): Promise<Page> {
    const response = await fetch(`${this.origin}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...headers, cookie: this.cookie },
    });
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? '';
    const location = response.headers.get('location');
    const text = await response.text();
    if (location !== null && response.status === 303) return this.get(location);
    return { status: response.status, headers: response.headers, text };
  }
}

interface Sent {
  readonly method?: string;
  readonly body?: string | FormData;
  readonly headers: Record<string, string>;
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Signs in as the first member of the staff. */
export async function signedIn({ staffUrl, firstKey }: RunningDesk): Promise<Visitor> {
  const visitor = new Visitor(staffUrl);
  await visitor.post('/sign-in', { key: firstKey ?? '' });
  return visitor;
}
