import { albFormat } from './log-alb/format.ts';
import { combinedFormat } from './log-combined/format.ts';
import { envoyFormat } from './log-envoy/format.ts';
import { jsonFormat } from './log-json/format.ts';
import { nginxFormat } from './log-nginx/format.ts';
import { w3cFormat } from './log-w3c/format.ts';
import type { LogFormat } from '../reading/access-log/log-format.ts';

/** Every line format, the most specific first. */
export const LOG_FORMATS: readonly LogFormat[] = [
  jsonFormat,
  w3cFormat,
  albFormat,
  envoyFormat,
  nginxFormat,
  combinedFormat,
];
