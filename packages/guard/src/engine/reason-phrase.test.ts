import { STATUS_CODES } from 'node:http';
import { expect, test } from 'vitest';
import { reasonPhrase } from './reason-phrase.ts';

/** RFC 9110 renamed 413 and 422; 418 and 509 are not registered. */
const DIFFERENT: Readonly<Record<string, string>> = {
  413: 'Content Too Large',
  418: 'Error',
  422: 'Unprocessable Content',
  509: 'Error',
};

const statuses = Object.keys(STATUS_CODES).filter((status) => Number(status) >= 400);

test('there are statuses to compare', () => {
  expect(statuses.length).toBeGreaterThan(35);
});

test.each(statuses)('%s has the phrase of node:http, or the registered one where that differs', (status) => {
  expect(reasonPhrase(Number(status))).toBe(DIFFERENT[status] ?? STATUS_CODES[status]);
});
