/** The meaning of a field of a JSON log line. */
export type Role =
  | 'method'
  | 'target'
  | 'path'
  | 'query'
  | 'requestLine'
  | 'status'
  | 'scheme'
  | 'authority'
  | 'time'
  | 'user';

/**
 * Names of nginx (`escape=json` habits), Envoy and Istio JSON, Apache, Caddy, Traefik, GCP, Elastic Common Schema,
 * OpenTelemetry, API Gateway, pino-http and Cloudflare. In lower case, with `_` for `-`; a nested name by its path or last part.
 */
const NAMES: Readonly<Record<Role | `header:${string}`, string>> = {
  method:
    'method request_method requestmethod http_method httpmethod http.request.method verb clientrequestmethod cs_method :method req.method',
  target:
    'request_uri requesturi uri url requesturl request_url url.original http.url http.target x_envoy_original_path clientrequesturi original_path req.url',
  path: 'path requestpath request_path url.path uri_path http.path clientrequestpath resourcepath :path',
  query: 'query args query_string querystring url.query uri_query request_query',
  requestLine: 'request request_line requestline',
  status:
    'status status_code statuscode response_code responsecode http_status http.status_code http.response.status_code downstreamstatus originstatus edgeresponsestatus response.status res.statuscode',
  scheme:
    'scheme request_scheme requestscheme url.scheme http.scheme x_forwarded_proto https proto clientrequestscheme',
  authority:
    'authority host http_host requesthost request_host vhost server_name domain domainname url.domain server.address http.host clientrequesthost :authority',
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

/** The role of each known name. */
export const ROLE_OF_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([role, names]) => names.split(' ').map((name) => [name, role] as const)),
);
