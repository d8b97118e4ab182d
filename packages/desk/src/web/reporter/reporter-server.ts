import { LeakproofError } from '@leakproof/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Desk } from '../../service/desk.ts';
import type { LoadedCase } from '../../service/change-case.ts';
import { parseInput, readMessage, readReport } from '../../intake/report-input.ts';
import { statusLines } from '../../register/status.ts';
import { cookieOf, createServer, type ServerOptions, setCookie } from '../create-server.ts';
import { html, type Html } from '@leakproof/html';
import { page } from '../page.ts';
import { readForm } from '../read-form.ts';
import { caseJson, casePage, turnOf } from './case-view.ts';
import { reportForm } from './form-page.ts';
import { readReportForm } from './read-report-form.ts';

export interface ReporterOptions extends ServerOptions {
  readonly desk: Desk;
  /** The policy, as plain text. */
  readonly policyText: string;
  /** security.txt, by host; undefined: none for this host. */
  readonly securityTxt: (host: string) => string | undefined;
  /** Published advisories: file name → content type and content. */
  readonly published: (name: string) => Promise<{ readonly type: string; readonly content: string } | undefined>;
}

const COOKIE = 'desk_reporter';
const MAX_AGE_S = 3600;

const ApiFiles = z
  .array(z.strictObject({ name: z.string().max(200), base64: z.base64().max(1_500_000) }))
  .max(5)
  .default([]);

/** The pages and the API of reporters. Nothing here reads or sets anything of the staff's realm. */
export function reporterServer(options: ReporterOptions): FastifyInstance {
  const { desk, name } = options;
  const { policy, program } = desk.context;
  const server = createServer(options);
  const isSecure = program.reporterUrl.startsWith('https:');
  const nav = html`<a href="/">Report</a> <a href="/case">Your case</a> <a href="/policy">Policy</a>
    <a href="/status">Status</a>`;
  const send = (title: string, body: Html): string => page(title, body, { nav, name });
  const HTML = 'text/html; charset=utf-8';

  server.get('/', async (_request, reply) => reply.type(HTML).send(send('Report a vulnerability', reportForm())));

  server.post('/report', async (request, reply) => {
    const { fields, files } = await readForm(request);
    const { id, key } = await desk.submit({ report: readReportForm(fields), channel: 'form', files });
    const loaded = await desk.load(id);
    setCookie(reply, `${COOKIE}=${key}`, { isSecure, maxAgeS: MAX_AGE_S });
    const body = html`<p>Your report is on our disk. Its case is <strong>${id}</strong>.</p>
      <p>Your return key. It is shown only now; without it nobody can show you our answers:</p>
      <p class="key">${key}</p>
      <p class="turn">${turnOf(loaded.desk, policy)}</p>
      <p><a href="/thread">See your case</a></p>`;
    return reply.code(201).type(HTML).send(send('Thank you', body));
  });

  server.get('/case', async (_request, reply) => {
    const body = html`<form method="post" action="/case" enctype="multipart/form-data">
      <label for="key">Your return key</label>
      <input type="text" id="key" name="key" required maxlength="80" autocomplete="off" spellcheck="false" />
      <button type="submit">See your case</button>
    </form>`;
    return reply.type(HTML).send(send('Your case', body));
  });
  server.post('/case', async (request, reply) => {
    const { fields } = await readForm(request);
    const key = fields['key'] ?? '';
    await desk.byKey(key);
    setCookie(reply, `${COOKIE}=${key.replaceAll(/[^0-9A-Za-z-]/g, '')}`, { isSecure, maxAgeS: MAX_AGE_S });
    return reply.redirect('/thread', 303);
  });
  const byCookie = (request: FastifyRequest): Promise<LoadedCase> => desk.byKey(cookieOf(request, COOKIE) ?? '');
  server.get('/thread', async (request, reply) =>
    cookieOf(request, COOKIE) === undefined
      ? reply.redirect('/case', 303)
      : reply.type(HTML).send(send('Your case', casePage(await byCookie(request), policy))),
  );
  server.post('/thread', async (request, reply) => {
    const { row } = await byCookie(request);
    const { fields, files } = await readForm(request);
    await desk.reporterWrites(row.id, readMessage({ text: fields['text'] ?? '' }), files);
    return reply.redirect('/thread', 303);
  });
  server.post('/thread/embargo', async (request, reply) => {
    const { row } = await byCookie(request);
    const { fields } = await readForm(request);
    await desk.reporterAnswers(row.id, {
      do: fields['answer'] === 'accept-embargo' ? 'accept-embargo' : 'reject-embargo',
    });
    return reply.redirect('/thread', 303);
  });
  server.post('/leave', async (_request, reply) => {
    setCookie(reply, `${COOKIE}=`, { isSecure, maxAgeS: 0 });
    return reply.redirect('/', 303);
  });

  server.get('/policy', async (_request, reply) => {
    const paragraphs = options.policyText.trim().split(/\n\s*\n/);
    const body = paragraphs.map((each) =>
      each.startsWith('## ') ? html`<h2>${each.slice(3)}</h2>` : html`<p class="text">${each.replace(/^# /, '')}</p>`,
    );
    return reply.type(HTML).send(send('Policy', html`${body}`));
  });
  server.get('/status', async (_request, reply) => {
    const lines = await statusLines(desk.context);
    const body =
      lines.length === 0
        ? html`<p>No embargo has ended without a publication.</p>`
        : html`<p>Reports whose embargo ended before we published. No details are given here.</p>
            <ul>
              ${lines.map((line) => html`<li>${line}</li>`)}
            </ul>`;
    return reply.type(HTML).send(send('Status', body));
  });
  for (const path of ['/.well-known/security.txt', '/security.txt'])
    server.get(path, async (request, reply) => {
      const text = options.securityTxt(request.hostname);
      if (text === undefined)
        throw new LeakproofError('LP-DESK-CASE-UNKNOWN', 'No security.txt is configured for this host.');
      return reply.type('text/plain; charset=utf-8').send(text);
    });
  server.get<{ Params: { name: string } }>('/advisories/:name', async (request, reply) => {
    const file = await options.published(request.params.name);
    if (!file) throw new LeakproofError('LP-DESK-CASE-UNKNOWN', 'There is no such advisory.');
    return reply.type(file.type).send(file.content);
  });

  server.post('/api/reports', async (request, reply) => {
    const { files: encoded, ...rest } = Object(request.body ?? {}) as { files?: unknown };
    const files = parseInput(ApiFiles, encoded).map(({ name: file, base64 }) => ({
      name: file,
      content: Buffer.from(base64, 'base64'),
    }));
    const { id, key } = await desk.submit({ report: readReport(rest), channel: 'api', files });
    return reply.code(201).send({ key, ...Object(caseJson(await desk.load(id), policy)) });
  });
  const byBearer = (request: FastifyRequest): Promise<LoadedCase> =>
    desk.byKey(/^Bearer (.{1,100})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  server.get('/api/case', async (request, reply) => reply.send(caseJson(await byBearer(request), policy)));
  server.post('/api/case/messages', async (request, reply) => {
    const { row } = await byBearer(request);
    const loaded = await desk.reporterWrites(row.id, readMessage(request.body));
    return reply.code(201).send(caseJson(loaded, policy));
  });
  server.post('/api/case/embargo', async (request, reply) => {
    const { row } = await byBearer(request);
    const answer = parseInput(z.strictObject({ do: z.enum(['accept-embargo', 'reject-embargo']) }), request.body);
    return reply.send(caseJson(await desk.reporterAnswers(row.id, answer), policy));
  });
  return server;
}
