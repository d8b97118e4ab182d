import { randomBytes } from 'node:crypto';
import { LeakproofError } from '@leakproof/core';
import type { StaffRow } from '@leakproof/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { exportAdvisory, type AdvisoryOptions } from '../../advisory/export-advisory.ts';
import { severityOf } from '../../advisory/severity.ts';
import { parseInput } from '../../intake/report-input.ts';
import { metricsOf } from '../../register/metrics.ts';
import { registerOf } from '../../register/register.ts';
import { allCases } from '../../register/status.ts';
import type { Desk } from '../../service/desk.ts';
import { keyHash } from '../../service/keys.ts';
import { channelOpened } from '../../service/pass-time.ts';
import { cookieOf, createServer, HEADERS, type ServerOptions, setCookie } from '../create-server.ts';
import { html, type Html } from '@leakproof/html';
import { page } from '../page.ts';
import { readForm } from '../read-form.ts';
import { readCommand } from './read-command.ts';
import { listPage, noticesPage, staffCasePage } from './staff-pages.ts';

export interface StaffOptions extends ServerOptions {
  readonly desk: Desk;
  readonly advisory: AdvisoryOptions;
}

const COOKIE = 'desk_staff';
const SESSION_S = 12 * 3600;
const HTML = 'text/html; charset=utf-8';
const Notices = z.strictObject({
  people: z.string().max(1_000_000),
  state: z.enum(['owed', 'told', 'bounced']),
  how: z.string().max(200).default(''),
});
const Retest = z.strictObject({ trigger: z.enum(['deploy', 'contract', 'schedule']) });

/** The pages of the staff: another server, another port, another cookie than the reporters'. Every page but the sign-in needs a session. */
export function staffServer(options: StaffOptions): FastifyInstance {
  const { desk, name } = options;
  const { context } = desk;
  const { rows } = context.store;
  const server = createServer(options);
  const isSecure = context.program.staffUrl.startsWith('https:');
  const nav = html`<a href="/">Cases</a> <a href="/register">Register</a> <a href="/metrics">Metrics</a>
    <a href="/channels">Channels</a>`;
  const send = (title: string, body: Html): string => page(title, body, { nav, name });
  const people = new WeakMap<FastifyRequest, StaffRow>();
  const staffOf = (request: FastifyRequest): string => {
    const person = people.get(request);
    if (!person) throw new LeakproofError('LP-DESK-UNAUTHENTICATED', 'You are not signed in.');
    return person.name;
  };

  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0];
    if (path === '/sign-in' || path === '/style.css') return;
    const bearer = /^Bearer (.{1,100})$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = cookieOf(request, COOKIE);
    const person =
      bearer !== undefined && request.url.startsWith('/api/')
        ? await rows.staffByKeyHash(keyHash(bearer))
        : token === undefined
          ? undefined
          : await rows.sessionStaff(keyHash(token), context.now());
    if (person) people.set(request, person);
    else if (request.method === 'GET' && !request.url.startsWith('/api/')) return reply.redirect('/sign-in', 303);
    else throw new LeakproofError('LP-DESK-UNAUTHENTICATED', 'You are not signed in.');
  });

  server.get('/sign-in', async (_request, reply) => {
    const body = html`<form method="post" action="/sign-in" enctype="multipart/form-data">
      <label for="key">Your staff key</label>
      <input type="password" id="key" name="key" required maxlength="80" autocomplete="current-password" />
      <button type="submit">Sign in</button>
    </form>`;
    return reply.type(HTML).send(page('Sign in', body, { name }));
  });
  server.post('/sign-in', async (request, reply) => {
    const { fields } = await readForm(request);
    const person = await rows.staffByKeyHash(keyHash(fields['key'] ?? ''));
    if (!person) throw new LeakproofError('LP-DESK-UNAUTHENTICATED', 'No member of the staff has this key.');
    const token = randomBytes(24).toString('hex');
    await rows.addSession({ tokenHash: keyHash(token), staff: person.name, untilMs: context.now() + SESSION_S * 1000 });
    setCookie(reply, `${COOKIE}=${token}`, { isSecure, maxAgeS: SESSION_S });
    return reply.redirect('/', 303);
  });
  server.post('/sign-out', async (request, reply) => {
    await rows.removeSession(keyHash(cookieOf(request, COOKIE) ?? ''));
    setCookie(reply, `${COOKIE}=`, { isSecure, maxAgeS: 0 });
    return reply.redirect('/sign-in', 303);
  });

  server.get('/', async (_request, reply) => {
    const body = html`${listPage(await rows.open(), context)}
      <form method="post" action="/sign-out" enctype="multipart/form-data"><button>Sign out</button></form>`;
    return reply.type(HTML).send(send('Open cases', body));
  });
  server.get<Id>('/cases/:id', async (request, reply) => {
    const { id } = request.params;
    const loaded = await desk.load(id);
    const [files, proofs, notices] = await Promise.all([rows.filesOf(id), rows.proofsOf(id), rows.noticesOf(id)]);
    const severity = severityOf(proofs);
    const body = staffCasePage(
      {
        loaded,
        files,
        proofs,
        notices,
        severity:
          severity &&
          html`${severity.vector}: ${severity.score} (it cannot see how many people: never rank by it alone)`,
      },
      context,
    );
    return reply.type(HTML).send(send(`Case ${id}`, body));
  });
  server.post<Id>('/cases/:id/do', async (request, reply) => {
    const { fields } = await readForm(request);
    await desk.staffDoes(request.params.id, staffOf(request), readCommand(fields, context.policy.calendar.timeZone));
    return reply.redirect(`/cases/${request.params.id}`, 303);
  });
  server.post<Id>('/cases/:id/retest', async (request, reply) => {
    await readForm(request);
    await desk.retests.enqueueCase(request.params.id, 'person');
    return reply.redirect(`/cases/${request.params.id}`, 303);
  });
  server.post<Id>('/cases/:id/count', async (request, reply) => {
    await readForm(request);
    await desk.count(request.params.id);
    return reply.redirect(`/cases/${request.params.id}`, 303);
  });
  server.post<Id>('/cases/:id/join', async (request, reply) => {
    const { fields } = await readForm(request);
    await desk.join(request.params.id, staffOf(request), fields['of'] ?? '');
    return reply.redirect(`/cases/${request.params.id}`, 303);
  });
  server.get<Id>('/cases/:id/notices', async (request, reply) => {
    const { id } = request.params;
    return reply
      .type(HTML)
      .send(send(`People to be told, case ${id}`, noticesPage(id, await rows.noticesOf(id), context)));
  });
  server.post<Id>('/cases/:id/notices', async (request, reply) => {
    const { fields } = await readForm(request);
    const { people: list, state, how } = parseInput(Notices, { ...fields });
    const caseId = request.params.id;
    for (const person of list.split(/\s+/).filter((each) => each !== ''))
      await rows.setNotice({ caseId, person, state, atMs: context.now(), how: how === '' ? null : how });
    return reply.redirect(`/cases/${caseId}/notices`, 303);
  });
  server.get<{ Params: { id: string; name: string } }>('/cases/:id/export/:name', async (request, reply) => {
    const { id, name: file } = request.params;
    const { type, content } = await exportAdvisory(id, file, { desk, ...options.advisory });
    return reply
      .type(type)
      .header('content-disposition', `attachment; filename="${id}-${file.replaceAll(/[^\w.-]/g, '')}"`)
      .send(content);
  });
  server.get<Id>('/files/:id', async (request, reply) => {
    const file = await rows.file(request.params.id);
    if (!file) throw new LeakproofError('LP-DESK-CASE-UNKNOWN', 'There is no such file.');
    return reply
      .headers({
        'content-disposition': `attachment; filename="${file.name}"`,
        'content-security-policy': `sandbox; ${HEADERS['content-security-policy']}`,
      })
      .type('application/octet-stream')
      .send(Buffer.from(file.content));
  });

  server.get('/register', async (_request, reply) => {
    const entries = registerOf(await allCases(context));
    const body = html`<p>Every case, also those judged no breach (GDPR 33(5)). <a href="/api/register">As JSON</a></p>
      <table>
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">Judgement</th>
            <th scope="col">Reason</th>
            <th scope="col">Person</th>
            <th scope="col">Relied on</th>
            <th scope="col">Counted</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            (each) =>
              html`<tr>
                <td><a href="/cases/${each.case}">${each.case}</a></td>
                <td>${each.judgement}</td>
                <td>${each.reason ?? ''}</td>
                <td>${each.person ?? ''}</td>
                <td>${each.reliedOn ? `${each.reliedOn.people} people, ${each.reliedOn.records} records` : ''}</td>
                <td>
                  ${each.counted ? `${each.counted.people} people, ${each.counted.records} records (${each.counted.grade})` : ''}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>`;
    return reply.type(HTML).send(send('Register', body));
  });
  server.get('/api/register', async (_request, reply) => reply.send(registerOf(await allCases(context))));
  const metrics = async () => metricsOf(await allCases(context), { nowMs: context.now() });
  server.get('/metrics', async (_request, reply) => {
    const values = Object.entries(await metrics()).map(
      ([key, value]) =>
        html`<tr>
          <th scope="row">${key}</th>
          <td>
            ${value === null ? 'nothing to measure' : typeof value === 'object' ? JSON.stringify(value) : String(value)}
          </td>
        </tr>`,
    );
    return reply.type(HTML).send(
      send(
        'Metrics (BOD 20-01)',
        html`<table>
          <tbody>
            ${values}
          </tbody>
        </table>`,
      ),
    );
  });
  server.get('/api/metrics', async (_request, reply) => reply.send(await metrics()));
  server.get('/channels', async (_request, reply) => {
    const list = await rows.channels();
    const body = html`<p>Channels of security.txt, and when somebody last opened them.</p>
      ${list.map(
        ({ name: channel, openedMs }) =>
          html`<form method="post" action="/channels" enctype="multipart/form-data">
            <p>${channel}: ${new Date(openedMs).toISOString()}</p>
            <button name="channel" value="${channel}">I have opened ${channel}</button>
          </form>`,
      )}`;
    return reply.type(HTML).send(send('Channels', body));
  });
  server.post('/channels', async (request, reply) => {
    const { fields } = await readForm(request);
    const channel = fields['channel'] ?? '';
    if (!context.channels.some((each) => each.name === channel))
      throw new LeakproofError('LP-DESK-INPUT-INVALID', 'channel: is not configured.');
    await channelOpened(channel, context);
    return reply.redirect('/channels', 303);
  });
  // The hook of a deployment: every proof runs again.
  server.post('/api/retest', async (request, reply) => {
    const queued = await desk.retests.enqueueAll(parseInput(Retest, request.body).trigger);
    return reply.code(202).send({ queued });
  });
  server.get('/api/cases', async (_request, reply) =>
    reply.send(
      (await rows.open()).map(({ id, title, party, dueMs }) => ({
        id,
        title,
        party,
        due: dueMs === null ? null : new Date(dueMs).toISOString(),
      })),
    ),
  );
  return server;
}

interface Id {
  readonly Params: { readonly id: string };
}
