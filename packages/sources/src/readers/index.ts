import type { Reader } from '../reading/reader.ts';
import { burp } from './burp/reader.ts';
import { curl } from './curl/reader.ts';
import { exchanges } from './exchanges/reader.ts';
import { graphqlIntrospection } from './graphql-introspection/reader.ts';
import { graphqlSdl } from './graphql-sdl/reader.ts';
import { graphqlSuggestions } from './graphql-suggestions/reader.ts';
import { har } from './har/reader.ts';
import { albLog } from './log-alb/reader.ts';
import { combinedLog } from './log-combined/reader.ts';
import { envoyLog } from './log-envoy/reader.ts';
import { jsonLog } from './log-json/reader.ts';
import { nginxLog } from './log-nginx/reader.ts';
import { w3cLog } from './log-w3c/reader.ts';
import { openapi } from './openapi/reader.ts';
import { postman } from './postman/reader.ts';
import { zap } from './zap/reader.ts';

/** Every reader. The first is used if two recognise a source with the same confidence. */
export const READERS: readonly Reader[] = [
  exchanges,
  openapi,
  har,
  postman,
  burp,
  zap,
  curl,
  graphqlIntrospection,
  graphqlSdl,
  graphqlSuggestions,
  w3cLog,
  albLog,
  envoyLog,
  combinedLog,
  jsonLog,
  nginxLog,
];
