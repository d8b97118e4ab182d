import { bearer, type CorpusCase, HOST, request } from '../corpus-case.ts';

/** Headers by which some servers take a caller, a client's address, a tenant or a target. */
const NAMING_HEADERS = [
  'X-Api-Key',
  'X-User-Id',
  'Remote-User',
  'X-Remote-User',
  'X-Consumer-Username',
  'X-MS-Client-Principal-Id',
  'X-Goog-Authenticated-User-Email',
  'Cf-Access-Jwt-Assertion',
  'X-Amzn-Oidc-Data',
  'X-Auth-Request-Email',
  'X-Webauth-User',
  'CF-Connecting-IP',
  'True-Client-IP',
  'Fastly-Client-IP',
  'X-Client-Cert',
  'SSL-Client-S-DN',
  'X-Tenant-Id',
  'X-Scope-OrgID',
  'X-Impersonate-User',
  'Impersonate-User',
  'On-Behalf-Of',
  'X-Act-As',
  'X-Debug',
];

const OVERRIDES = [
  'X-Override-URL: /users/500',
  'X-Envoy-Original-Path: /users/500',
  'X-WAWS-Unencoded-URL: /users/500',
  'X-Original-Method: DELETE',
  'Destination: /users/500',
  'X-Original-URI: /users/500',
  'X-Forwarded-Path: /users/500',
  'X-Http-Path-Override: /users/500',
  'X-Request-URI: /users/500',
  'X-Matched-Path: /users/500',
];

const ownNote = (header: string): string => `the condition ${header} is sent with a write`;

export const LAWS: readonly CorpusCase[] = [
  ...['403', '404', '500', 'null', 'list', 'html', 'odd'].map((id): CorpusCase => ({
    id: 'L1',
    title: `a pre-read that is no readable success (/users/${id}) opens no list`,
    send: (as) => request(`GET /users/${id}/followers`, [bearer(as.stranger), 'Accept: application/xml']),
    status: [404],
    sent: [`get /users/${id} http`, 'accept: application/json'],
    neverSent: ['/followers http', 'application/xml'],
  })),
  {
    id: 'L1',
    title: 'a pre-read with one owner that cannot be read admits no write',
    send: (as) => request('DELETE /messages/odd', [bearer(as.stranger)]),
    status: [404],
    sent: ['get /messages/odd http'],
    neverSent: ['delete /messages'],
  },
  ...NAMING_HEADERS.map((name): CorpusCase => ({
    id: 'L2',
    title: `${name} is declared by nobody, and does not reach the origin`,
    send: (as) => request('GET /users/7', [bearer(as.stranger), `${name}: 7`]),
    status: [200],
    keeps: ['KEEP-name-7'],
    neverSent: [`\n${name.toLowerCase()}:`],
  })),
  ...OVERRIDES.map((header): CorpusCase => ({
    id: 'L2',
    title: `${header} names another request: it is refused, not taken off`,
    send: (as) => request('GET /users/7', [bearer(as.stranger), header]),
    status: [400],
    reaches: 'silent',
  })),
  ...['If-Match: "v1"', 'If-None-Match: *', 'If-Unmodified-Since: Mon, 01 Jan 2024 00:00:00 GMT'].map(
    (header): CorpusCase => ({
      id: 'L2',
      title: ownNote(header),
      send: (as) => request('PUT /users/9', [bearer(as.stranger), header], '{"city":"x"}'),
      status: [200],
      sent: [header.toLowerCase()],
    }),
  ),
  {
    id: 'L2',
    title: 'a condition that the contract does not declare is not taken off a write',
    send: (as) => request('PUT /users/9', [bearer(as.stranger), 'X-If-Version: 3'], '{"city":"x"}'),
    status: [400],
    reaches: 'silent',
  },
  ...['a+b', 'a,b', 'a:b', 'a@b', 'a=b', 'a&b', 'a$b', "a'b", 'a!b', 'a%20b'].map((id): CorpusCase => ({
    id: 'L2',
    title: `a pre-read asks for the very object of the write (${id})`,
    send: (as) => request(`DELETE /messages/${id}`, [bearer(as.stranger)]),
    status: [204, 200],
    sent: [`get /messages/${id.toLowerCase()} http`, `delete /messages/${id.toLowerCase()} http`],
  })),
  {
    id: 'L2',
    title: 'a query that the pre-read would not have is refused',
    send: (as) => request('DELETE /messages/m1?tenant=2', [bearer(as.stranger)]),
    status: [400],
    reaches: 'silent',
  },
  ...['sid=1; sid=2', 'a=1; sid=1;sid=2', 'sid=1; %73id=2'].map((cookie): CorpusCase => ({
    id: 'L2',
    title: `two cookies of one name are refused (${cookie})`,
    send: (as) => request('GET /users/7', [bearer(as.stranger), `Cookie: ${cookie}`]),
    status: [400],
    reaches: 'silent',
  })),
  {
    id: 'L2',
    title: 'two Cookie headers with one name are refused',
    send: (as) => request('GET /users/7', [bearer(as.stranger), 'Cookie: sid=1', 'Cookie: sid=2']),
    status: [400],
    reaches: 'silent',
  },
  ...['Idempotency-Key', 'Content-Type', 'If-Match', 'Accept-Language'].map((name): CorpusCase => ({
    id: 'L2',
    title: `Connection cannot take ${name} off a write`,
    send: (as) =>
      request(
        'PUT /users/9',
        [bearer(as.stranger), `${name === 'Content-Type' ? 'X' : name}: a`],
        '{"city":"x"}',
      ).replace('Connection: close', `Connection: close, ${name}`),
    status: [400],
    reaches: 'silent',
  })),
  ...['internal.corpus.test', 'issuer.corpus.test', 'localhost', '127.0.0.1', 'api.corpus.test.evil.example'].map(
    (host): CorpusCase => ({
      id: 'L3',
      title: `Host: ${host} leads to no server`,
      send: (as) => request('GET /users/7', [bearer(as.stranger)]).replace(HOST, host),
      status: [404],
      reaches: 'silent',
    }),
  ),
];
