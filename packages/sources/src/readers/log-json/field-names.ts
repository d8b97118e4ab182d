/** The meaning of a field of a JSON log line. `rewritten`: a target that the server may have changed. */
export type Role =
  | 'method'
  | 'target'
  | 'rewritten'
  | 'path'
  | 'query'
  | 'requestLine'
  | 'status'
  | 'scheme'
  | 'authority'
  | 'time'
  | 'user';

/**
 * Names of nginx, Envoy and Istio JSON, Apache, Caddy, Traefik, GCP, Elastic Common Schema, OpenTelemetry, API Gateway, pino-http
 * and Cloudflare, in lower case with `_` for `-`; a nested name by its path or last part. If a line has several names of a role, the
 * first one here counts: what the client sent precedes what the server made of it, and the Host header precedes the names of servers.
 */
const NAMES: Readonly<Record<Role | `header:${string}`, string>> = {
  method:
    'request_method requestmethod http_method httpmethod http.request.method clientrequestmethod cs_method :method req.method request.method method verb',
  target:
    'request_uri requesturi x_envoy_original_path url.original original_path http.target clientrequesturi requesturl request_url http.url',
  rewritten: 'req.url request.url url uri',
  path: 'requestpath request_path clientrequestpath url.path uri_path http.path :path path resourcepath',
  query: 'query_string querystring args url.query uri_query request_query query',
  requestLine: 'request_line requestline request',
  status:
    'status status_code statuscode response_code responsecode http_status http.status_code http.response.status_code downstreamstatus edgeresponsestatus originstatus response.status res.statuscode',
  scheme:
    'request_scheme requestscheme clientrequestscheme url.scheme http.scheme scheme x_forwarded_proto https proto',
  authority:
    'http_host http.host request.host req.host request_host requesthost clientrequesthost :authority authority url.domain host vhost domain domainname server_name server.address',
  time: 'time timestamp @timestamp ts start_time starttime time_local time_iso8601 msec requesttime datetime date startutc edgestarttimestamp',
  user: 'remote_user user_name username user user.name clientusername authenticated_user',
  'header:user-agent':
    'user_agent useragent http_user_agent user_agent.original agent request_user_agent clientrequestuseragent',
  'header:referer':
    'referer referrer http_referer http_referrer http.request.referrer request_referer clientrequestreferer',
  'header:x-request-id': 'request_id requestid x_request_id req_id',
  'header:x-forwarded-for': 'x_forwarded_for http_x_forwarded_for forwarded_for',
  'header:authorization': 'http_authorization',
  'header:cookie': 'http_cookie',
};

export interface FieldName {
  readonly role: string;
  /** Lower precedes higher. */
  readonly rank: number;
}

const KNOWN: ReadonlyMap<string, FieldName> = new Map(
  Object.entries(NAMES).flatMap(([role, names]) =>
    names.split(' ').map((name, rank) => [name, { role, rank }] as const),
  ),
);

/** Behind all names that are known as they are. */
const BY_LAST_PART = 100;

/** The role of a field by its name, with the names of the objects around it as `prefix`; a known last part ranks behind. */
export function fieldName(name: string, prefix: string): FieldName | undefined {
  const full = `${prefix}${name}`.toLowerCase().replaceAll('-', '_');
  const known = KNOWN.get(full);
  if (known !== undefined || prefix === '') return known;
  const last = KNOWN.get(full.slice(full.lastIndexOf('.') + 1));
  return last && { role: last.role, rank: last.rank + BY_LAST_PART };
}
