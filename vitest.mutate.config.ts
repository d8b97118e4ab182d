import { defineConfig } from 'vitest/config';

/**
 * The tests of core alone, for `npm run mutate`. Without the searches: they take seconds for each mutant, and what only they find is
 * a test that is missing.
 */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    exclude: ['**/*.malformed.test.ts', '**/*.property.test.ts', '**/arbitrary-world.test.ts'],
    testTimeout: 60_000,
  },
});
