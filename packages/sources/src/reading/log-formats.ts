import { albFormat } from '../readers/log-alb/format.ts';
import { combinedFormat } from '../readers/log-combined/format.ts';
import { envoyFormat } from '../readers/log-envoy/format.ts';
import { jsonFormat } from '../readers/log-json/format.ts';
import { nginxFormat } from '../readers/log-nginx/format.ts';
import { w3cFormat } from '../readers/log-w3c/format.ts';
import type { LogFormat } from './log-format.ts';

/** Every line format, the strictest first. */
export const LOG_FORMATS: readonly LogFormat[] = [
  jsonFormat,
  w3cFormat,
  albFormat,
  envoyFormat,
  nginxFormat,
  combinedFormat,
];
