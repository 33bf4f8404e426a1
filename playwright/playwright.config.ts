import { defineConfig } from '@playwright/test';

const port = Number(process.env.PORT ?? 4173);

/** Journeys that hold the page to a time, or the tab to an amount of memory, have the machine to themselves. */
const timed = /(cancel|full|guard)\.spec\.ts$/;

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // Most of a journey waits for one thing after the other, so two share two cores well.
  workers: 2,
  retries: 0,
  reporter: [['list'], ['html', { open: 'never', outputFolder: '../playwright-report' }]],
  use: {
    baseURL: `http://localhost:${port}/`,
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // Journeys count requests and answer some themselves; offline.spec.ts is about the worker.
    serviceWorkers: 'block',
    // A page that is loaded again makes its data anew; kept.spec.ts is about what is kept.
    storageState: {
      cookies: [],
      origins: [{ origin: `http://localhost:${port}`, localStorage: [{ name: 'metricflow-keep-results', value: 'off' }] }],
    },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    },
  },
  projects: [
    { name: 'together', testIgnore: timed },
    { name: 'alone', testMatch: timed, workers: 1, dependencies: ['together'] },
  ],
  webServer: {
    command: `node scripts/serve.mjs --root ${process.env.DIST ?? 'dist'} --port ${port}`,
    cwd: '..',
    url: `http://localhost:${port}/`,
    reuseExistingServer: !process.env.CI,
  },
});
