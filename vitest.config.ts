import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{grammar,reference,conformance,reports}/**/*.test.ts', '*.test.ts'],
    globalSetup: ['./grammar/compile.ts', './reference/formats/stacie/kernel/compile.ts'],
    testTimeout: 30_000,
    pool: 'forks',
  },
});
