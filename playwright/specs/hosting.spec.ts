import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

const root = path.resolve(import.meta.dirname, '../..');
const dist = path.resolve(root, process.env.DIST ?? 'dist');
const site = 'http://localhost:4174/some/folder/';
/** A host that knows no compression and sets no headers. */
const plainSite = 'http://localhost:4175/some/folder/';
const servers: ChildProcess[] = [];

test.beforeAll(async ({ request }) => {
  for (const [port, ...more] of [['4174'], ['4175', '--plain']]) {
    const options = ['--root', dist, '--port', port, '--base', '/some/folder', ...more];
    servers.push(spawn('node', ['scripts/serve.mjs', ...options], { cwd: root, stdio: 'ignore' }));
  }
  for (const address of [site, plainSite]) {
    await expect.poll(async () => (await request.get(address).catch(() => null))?.status()).toBe(200);
  }
});

test.afterAll(() => {
  for (const server of servers) server.kill();
});

test('no file is larger than common hosts take', () => {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((file) => statSync(path.join(file.parentPath, file.name)).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(25 << 20);
});

test('a host that does not compress gives the compressed copies of programs', async ({ page }) => {
  const came = new Map<string, number>();
  page.on('requestfinished', async (request) => {
    const sizes = await request.sizes().catch(() => null);
    if (sizes) came.set(new URL(request.url()).pathname.split('/').pop()!, sizes.responseBodySize);
  });
  const flow = new MetricFlowPage(page);
  await flow.open(`${plainSite}?preset=tiny`);
  const programs = [...came.keys()].filter((name) => name.includes('.wasm'));
  expect(programs.filter((name) => name.endsWith('.gz'))).toHaveLength(3);
  expect([...came.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(16e6);
  flow.expectClean();
});

test('a host that compresses gives the programs themselves', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open(`${site}?preset=tiny`);
  expect(flow.requests.filter((address) => address.endsWith('.gz'))).toEqual([]);
  flow.expectClean();
});

test('a link shows a picture and a sentence', async ({ page, request }) => {
  await page.goto(site);
  const picture = await page.locator('meta[property="og:image"]').getAttribute('content');
  const answer = await request.get(new URL(picture!, site).href);
  expect(answer.headers()['content-type']).toBe('image/png');
  await expect(page.locator('meta[property="og:description"]')).toHaveAttribute('content', /simulated company/);
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
