/** Headers that name a method, path or URL without one of the words below. */
const OVERRIDING = new Set(['destination', 'x-override-url', 'x-waws-unencoded-url', 'x-host-override', 'base-url']);
/** Names that contain one of these words change how a request is read, wherever the word is. */
const WORDS = /(?:^|-)(?:override|rewrite|rewritten|method)(?:-|$)/;
/** A URL, path or query that takes the place of the one in the request line. `x-forwarded-host` and the like name the client's side. */
const TARGETS =
  /(?:^|-)(?:original|unencoded|forwarded|envoy|proxy|request|requested|invoke|matched|real|full|middleware)-(?:[a-z]+-)*(?:url|uri|path|prefix|query|target|route)(?:-|$)/;
/** A request of a browser before the actual one (WHATWG Fetch): it names the method of another request. */
const PREFLIGHT = /^access-control-request-/;

/** True if some servers read another method or target from this header than from the request line. `name` in lower case. */
export function isOverrideHeader(name: string): boolean {
  const folded = name.replaceAll('_', '-');
  if (OVERRIDING.has(folded)) return true;
  return (WORDS.test(folded) || TARGETS.test(folded)) && !PREFLIGHT.test(folded);
}

const METHOD_PARAMETERS = new Set(['method', 'httpmethod', 'xhttpmethod', 'xmethodoverride', 'xhttpmethodoverride']);

/** True if some servers read the method of a request from this parameter, in the query or in a form: `_method`, `$httpMethod`. */
export function isMethodParameter(name: string): boolean {
  const [first = ''] = name.trim().toLowerCase().split(/[[.]/, 1);
  const folded = first.replaceAll(/[^a-z]/g, '');
  // A plain `method` is a parameter like any other.
  return METHOD_PARAMETERS.has(folded) && first !== 'method';
}
