import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

const port = 4174;
const site = `http://localhost:${port}/some/folder/`;
let server: ChildProcess;

test.beforeAll(async ({ request }) => {
  server = spawn('node', ['scripts/serve.mjs', '--root', process.env.DIST ?? 'dist', '--port', String(port), '--base', '/some/folder'], {
    cwd: `${import.meta.dirname}/../..`,
    stdio: 'ignore',
  });
  await expect.poll(async () => (await request.get(site).catch(() => null))?.status()).toBe(200);
});

test.afterAll(() => {
  server.kill();
});

test('the site runs from a sub-folder, deep links included', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open(`${site}scenario/?preset=tiny&seed=2`);
  await expect(page.getByTestId('scenario-chip')).toContainText('seed 2');
  await page.getByRole('link', { name: 'Executive growth' }).first().click();
  await expect(page).toHaveURL(`${site}?preset=tiny&seed=2`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('MRR');
  flow.expectClean();
});

test('what does not exist says so', async ({ page }) => {
  const response = await page.goto(`${site}no/such/page`);
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading')).toBeVisible();
});

test('the content security policy allows nothing from elsewhere', async ({ page }) => {
  await page.goto(site);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
});
