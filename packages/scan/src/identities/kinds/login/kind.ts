import { decodeUtf8, type JsonNode, LeakproofError, memberOf, readJson, stringOf } from '@leakproof/core';
import { z } from 'zod';
import type { HttpResponse, RequestTemplate } from '../../../transport/transport.ts';
import { cookieSession, hostnameOf } from '../../cookie-session.ts';
import { Csrf, Send, Value } from '../../secret-source.ts';
import type { Session } from '../../session.ts';
import { deadIdentity, defineCredential, type OpenContext } from '../credential-kind.ts';
import { fillSecrets } from '../fill-secrets.ts';
import { tokenSession } from '../token-session.ts';

const schema = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[!-~]*$/, 'A path starts with "/" and is percent-encoded.')
      .meta({ description: 'Path at the REST server URL of the identity’s server.' }),
    json: Value.optional().meta({ description: 'The body of the POST request.' }),
    form: z.record(z.string(), Value).optional().meta({ description: 'The fields of the form that is sent instead.' }),
    pointer: z
      .string()
      .regex(/^(?:\/[^/]*)+$/, 'A JSON pointer starts with "/".')
      .optional()
      .meta({
        description:
          'JSON pointer (RFC 6901) of the credential in the response, such as /token. Without it, the cookies that the ' +
          'response sets are the credential.',
      }),
    csrf: Csrf.optional(),
    send: Send,
  })
  .refine(({ json, form }) => (json === undefined) !== (form === undefined), 'A login needs either json or form.')
  .meta({ description: 'How a new credential is obtained. Allows the scan to log in again.' });

export const login = defineCredential({ id: 'login', renews: true, schema, open: logIn });

async function logIn(source: z.infer<typeof schema>, context: OpenContext): Promise<Session> {
  const { name, home, transport } = context;
  const endpoint = home.endpoints.rest;
  if (!endpoint) throw deadIdentity(name, `has no way to log in at ${home.name}`);
  const { csrf } = source;
  const cookies = cookieSession({ hostname: hostnameOf(endpoint), cookie: '', csrf, referer: refererOf() });
  const target = `${endpoint.path}${source.path}`;
  const exchange = async (template: RequestTemplate): Promise<HttpResponse> => {
    const signed = cookies.sign(endpoint, template);
    const response = await transport.send(endpoint, signed.template, signed.credential);
    if (response.type === 'no-response')
      throw new LeakproofError('LP-TARGET-UNREACHABLE', `The login of "${name}": ${response.reason}.`);
    cookies.received?.(endpoint, response.headers);
    return response;
  };
  // The token against cross-site requests is in a cookie that the login page sets.
  if (csrf) await exchange({ method: 'GET', target, headers: [['accept', '*/*']] });
  const response = await exchange({ method: 'POST', target, ...(await bodyOf(source, context)) });
  if (source.pointer !== undefined) {
    const credential = response.status < 300 ? stringAt(response.body, source.pointer) : undefined;
    if (!credential)
      throw deadIdentity(name, `could not log in: status ${response.status}, no credential at ${source.pointer}`);
    return tokenSession(credential, source.send, context);
  }
  const isSet = response.headers.some(([header]) => header === 'set-cookie');
  if (response.status >= 400 || !isSet)
    throw deadIdentity(name, `could not log in: status ${response.status}, ${isSet ? 'refused' : 'no cookie is set'}`);
  return cookies;

  function refererOf(): string | undefined {
    return csrf && endpoint ? `${endpoint.scheme}://${endpoint.authority}${endpoint.path}${source.path}` : undefined;
  }
}

async function bodyOf(
  { json, form, csrf }: z.infer<typeof schema>,
  { readSecret }: OpenContext,
): Promise<Pick<RequestTemplate, 'headers' | 'body'>> {
  if (form === undefined) {
    const headers = [['content-type', 'application/json']] as const;
    return { headers, body: JSON.stringify(await fillSecrets(json, readSecret)) };
  }
  const filled = Object.entries((await fillSecrets(form, readSecret)) as Record<string, unknown>);
  const fields = new URLSearchParams(filled.map(([key, value]): [string, string] => [key, String(value)]));
  if (csrf?.body !== undefined) fields.set(csrf.body, '');
  return { headers: [['content-type', 'application/x-www-form-urlencoded']], body: fields.toString() };
}

function stringAt(body: Uint8Array, pointer: string): string | undefined {
  try {
    const json = readJson(decodeUtf8(body));
    let node: JsonNode | undefined = json.root;
    for (const step of pointer.slice(1).split('/'))
      node = node && memberOf(node, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return (node && stringOf(json, node)) || undefined;
  } catch {
    return undefined;
  }
}
