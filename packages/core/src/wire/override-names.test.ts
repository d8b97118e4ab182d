import { describe, expect, test } from 'vitest';
import { isMethodParameter, isOverrideHeader } from './override-names.ts';

describe('a header', () => {
  test.each([
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x_http_method_override',
    'x-original-url',
    'x-original-uri',
    'x-original-path',
    'x-original-method',
    'x-rewrite-url',
    'x-override-url',
    'x-envoy-original-path',
    'x-waws-unencoded-url',
    'x-forwarded-prefix',
    'x-forwarded-uri',
    'x-forwarded-path',
    'x-forwarded-method',
    'x-forwarded-request-uri',
    'x-forwarded-original-url',
    'x-proxy-url',
    'x-request-uri',
    'request-uri',
    'x-matched-path',
    'x-invoke-path',
    'x-middleware-rewrite',
    'destination',
  ])('%s names another method or target', (name) => {
    expect(isOverrideHeader(name)).toBe(true);
  });

  test.each([
    'accept',
    'access-control-request-method',
    'access-control-request-headers',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-request-id',
    'x-requested-with',
    'x-real-ip',
    'referer',
    'origin',
    'x-pathology-id',
    'x-client-url-version',
    'x-original-filename',
    'x-methodology',
  ])('%s does not', (name) => {
    expect(isOverrideHeader(name)).toBe(false);
  });
});

describe('a parameter', () => {
  test.each([
    '_method',
    '_METHOD',
    '_method[]',
    ' _method',
    '$httpMethod',
    'X-HTTP-Method-Override',
    'x_http_method_override',
    'x-method-override',
    '__method',
    'http_method',
  ])('%s names another method', (name) => {
    expect(isMethodParameter(name)).toBe(true);
  });

  test.each(['method', 'Method', 'payment_method', 'methods', 'id', ''])('%s does not', (name) => {
    expect(isMethodParameter(name)).toBe(false);
  });
});
