import process from 'node:process';
import { defineConfig } from 'vitest/config';

/** Tests wait for outcomes, so the deadlines are generous: they end what hangs, and never judge speed. */
export default defineConfig({
  test: {
    pool: 'forks',
    // By default one core stays idle, which of two is half.
    maxWorkers: '100%',
    setupFiles: process.env.STALLS === '1' ? ['tests/testing/stalls.ts'] : [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            '**/*.browser.test.ts',
            'tests/crash/**',
            'tests/faults/**',
            'tests/foreign/**',
            '**/*.kafka.test.ts',
            'tests/services/**',
            'tests/hostile/**',
            'bench/**',
            'tests/image/{image,hadolint}.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: ['**/*.kafka.test.ts'],
          globalSetup: ['tests/kafka/prepare-kafka.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['tests/services/**/*.test.ts'],
          globalSetup: ['tests/services/prepare-services.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'image',
          include: ['tests/image/**/*.test.ts'],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'foreign',
          include: ['tests/foreign/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.kafka.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'tests/services/**'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['tests/crash/**/*.test.ts'],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'mutation',
          include: ['tests/mutation/**/*.test.ts'],
          env: { MUTATIONS: '10000' },
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'soak',
          include: ['client/events/soak.test.ts'],
          env: { SOAK_HISTORIES: '3000' },
        },
      },
      {
        extends: true,
        test: {
          name: 'bench',
          include: ['bench/smoke.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'hostile',
          include: ['tests/hostile/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
