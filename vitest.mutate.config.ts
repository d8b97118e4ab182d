import { defineConfig } from 'vitest/config';

/** The tests of core alone, for `npm run mutate`. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['packages/core/src/**/*.test.ts'], testTimeout: 60_000 },
});
