import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{grammar,reference,conformance,reports}/**/*.test.ts', '*.test.ts'],
    globalSetup: ['./build.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    maxWorkers: '100%',
    // Loading the modules anew for each file would take longer than the tests; none of them keeps state of its own.
    isolate: false,
  },
});
