import { expect, test } from 'vitest';
import { requestIds } from './request-ids.ts';

test('no two requests have the same id', () => {
  const nextId = requestIds();
  const ids = Array.from({ length: 5_000 }, nextId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
});
