import path from 'node:path';
import { expect, test } from '@playwright/test';
import { writeServiceWorker } from '../../scripts/service_worker_list.mjs';
import { routes } from '../../scripts/routes.mjs';
import { type Build, copyOf, type Fault, Host, keptVersions, nextVersion, Received, scriptOf, versionOf } from '../pages/offline';
import { WorkbenchPage } from '../pages/workbench';

test.use({ serviceWorkers: 'allow' });
test.describe.configure({ mode: 'default' });

const root = path.resolve(import.meta.dirname, '../..');
/** Not below `test-results`, which Playwright empties. */
const folder = path.join(root, 'target', 'offline');
const scenario = 'preset=tiny';
let first: Build;
let second: Build;
let host: Host;

test.beforeAll(async () => {
  first = await copyOf(path.resolve(root, process.env.DIST ?? 'dist'), path.join(folder, 'first'));
  second = await nextVersion(first, path.join(folder, 'second'));
});

test.beforeEach(async () => {
  test.setTimeout(400_000);
  host = await Host.serving(first);
});

test.afterEach(() => {
  host.close();
});

/** Opens the page, and waits until its version is kept. */
async function visitOnce(flow: WorkbenchPage): Promise<void> {
  await flow.page.goto(`${host.site}?${scenario}`);
  await flow.ready();
  await isKept(flow);
}

async function isKept(flow: WorkbenchPage): Promise<void> {
  const version = await versionOf(flow.page);
  await expect.poll(() => keptVersions(flow.page), { timeout: 90_000 }).toEqual([version]);
  const state = () => flow.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state);
  await expect.poll(state).toBe('activated');
}

async function reload(flow: WorkbenchPage): Promise<void> {
  await flow.page.reload();
  await flow.ready();
}

test('after the first visit the page works without a network, deep links too', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  const received = new Received(page, host);
  await visitOnce(flow);
  const fingerprint = await flow.fingerprint();
  received.clear();
  host.cut();
  const before = host.requests.length;
  await reload(flow);
  expect(await flow.fingerprint()).toBe(fingerprint);
  await received.expectAllOf(first);
  await flow.run(`${scenario}&seed=3`);
  expect(await flow.fingerprint()).not.toBe(fingerprint);
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-parts')).toContainText('3');
  // An address without its slash is led to the page, and what is loaded late is there.
  await page.goto(`${host.site}models?${scenario}&model=fct_signups&tab=sql`);
  await expect(page).toHaveURL(`${host.site}models/?${scenario}&model=fct_signups&tab=sql`);
  await flow.ready();
  await flow.write('select 1 as a');
  await page.evaluate(() => (window.metricflow as any).learning());
  for (const route of routes) {
    const answer = await page.goto(`${host.site}${route}/?${scenario}`, { waitUntil: 'commit' });
    expect(answer?.status(), route).toBe(200);
    expect(await versionOf(page), route).toBe(first.version);
  }
  expect(host.requests.length).toBe(before);
  flow.expectClean();
});

test('a folder of a host that sets no headers is kept, too, with the headers that it does set', async ({ page }) => {
  host.close();
  host = await Host.serving(first, '/some/folder/');
  const flow = new WorkbenchPage(page);
  host.headers = { 'content-security-policy': "frame-ancestors 'none'" };
  await page.goto(`${host.site}revenue/?${scenario}`);
  await flow.ready();
  // What is learned loads a worker of its own, late.
  await page.evaluate(() => (window.metricflow as any).learning());
  const moved = () => [...host.moved.values()].reduce((sum, bytes) => sum + bytes, 0);
  const movedByPage = moved();
  await isKept(flow);
  // Copies that the build compressed, and of those only what the browser has not kept itself.
  expect(moved() - movedByPage).toBeLessThan(12e6);
  host.cut();
  const answer = await page.goto(`${host.site}retention?${scenario}#top`);
  await expect(page).toHaveURL(`${host.site}retention/?${scenario}#top`);
  expect(answer?.headers()['content-security-policy']).toBe("frame-ancestors 'none'");
  await flow.ready();
  flow.expectClean();
});

test('a new version is fetched whole, offered, and used when the reader says so', async ({ page, context }) => {
  const flow = new WorkbenchPage(page);
  const received = new Received(page, host);
  await visitOnce(flow);
  const other = new WorkbenchPage(await context.newPage());
  await other.page.goto(`${host.site}churn/?${scenario}`);
  await other.ready();
  host.build = second;
  received.clear();
  await reload(flow);
  const offered = page.getByRole('status').getByText('A new version is ready. Reload to use it.');
  await expect(offered).toBeVisible({ timeout: 90_000 });
  expect(await versionOf(page)).toBe(first.version);
  await received.expectAllOf(first);
  // A plain reload is not a yes.
  await reload(flow);
  await received.expectAllOf(first);
  await expect(offered).toBeVisible();
  await expect(other.page.getByTestId('new-version')).toBeVisible();
  await page.getByRole('button', { name: 'Reload', exact: true }).focus();
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
  await flow.ready();
  expect(await versionOf(page)).toBe(second.version);
  await received.expectAllOf(second);
  await expect(page.getByTestId('new-version')).toHaveCount(0);
  // The other tab was not reloaded, and still finds its own files, which the host has no more.
  expect(await versionOf(other.page)).toBe(first.version);
  expect((await other.status()).phase).toBe('ready');
  const old = await other.page.evaluate((name) => fetch(name).then((answer) => answer.headers.get('x-metricflow-version')), scriptOf(first));
  expect(old).toBe(first.version);
  expect(await keptVersions(page)).toContain(first.version);
  // With its last tab the old version goes.
  await other.page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect.poll(() => versionOf(other.page).catch(() => null)).toBe(second.version);
  await other.ready();
  await expect.poll(() => keptVersions(page), { timeout: 60_000 }).toEqual([second.version]);
  host.cut();
  await reload(flow);
  await received.expectAllOf(second);
  flow.expectClean();
  other.expectClean();
});

test('an update that does not come whole leaves the version before, whatever goes wrong', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  const received = new Received(page, host);
  await visitOnce(flow);
  host.build = second;
  const faults: Fault[] = ['cut', 'html', 'missing', 'short', 'changed'];
  for (const fault of faults) {
    host.faults.clear();
    host.faults.set(scriptOf(second), fault);
    host.requests.length = 0;
    received.clear();
    await reload(flow);
    await expect.poll(() => host.requests.includes(scriptOf(second)), { message: fault, timeout: 90_000 }).toBe(true);
    const isOver = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.installing === null);
    await expect.poll(isOver, { message: fault }).toBe(true);
    await received.expectAllOf(first);
    await expect(page.getByTestId('new-version'), fault).toHaveCount(0);
    expect(await keptVersions(page), fault).toEqual([first.version]);
  }
  host.cut();
  await reload(flow);
  await received.expectAllOf(first);
  host.mend();
  host.faults.clear();
  await reload(flow);
  await expect(page.getByTestId('new-version')).toBeVisible({ timeout: 90_000 });
  await received.expectAllOf(first);
  flow.expectClean();
});

test('what was kept and is damaged is not used, and is made whole again', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  const received = new Received(page, host);
  await visitOnce(flow);
  for (const file of [scriptOf(first), 'index.html']) {
    for (const damage of ['other bytes', 'gone']) {
      await page.evaluate(
        async ([file, damage]) => {
          const [name] = await caches.keys();
          const cache = await caches.open(name);
          const address = new URL(file, document.baseURI).href;
          const kept = (await cache.match(address))!;
          if (damage === 'gone') await cache.delete(address);
          else await cache.put(address, new Response(`${await kept.text()} `, { headers: kept.headers }));
        },
        [file, damage],
      );
      host.requests.length = 0;
      received.clear();
      // From another page, since browsers keep what the open one loaded in memory.
      await page.goto('about:blank');
      await page.goto(`${host.site}?${scenario}`);
      await flow.ready();
      // From then on the network answers; the file itself may be in the browser's own cache.
      expect(host.requests.length, `${file}: ${damage}`).toBeGreaterThan(10);
      await received.expectAllOf(first);
      await expect.poll(() => keptVersions(page), { message: `${file}: ${damage}`, timeout: 60_000 }).toEqual([first.version]);
    }
  }
  // Damaged, and its host has gone on: the page is the host's, all of it.
  await page.evaluate(async (address) => {
    const [name] = await caches.keys();
    await (await caches.open(name)).delete(new URL(address, document.baseURI).href);
  }, scriptOf(first));
  host.build = second;
  received.clear();
  await page.goto('about:blank');
  await page.goto(`${host.site}?${scenario}`);
  await flow.ready();
  await received.expectAllOf(second);
  flow.expectClean();
});

test('without service workers, or without room, the page runs as before and nothing is said', async ({ page, context }) => {
  const flow = new WorkbenchPage(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.site).origin, quotaSize: 5_000_000 });
  await page.goto(`${host.site}?${scenario}`);
  await flow.ready();
  await expect.poll(() => host.requests.filter((name) => name === 'service_worker.js').length, { timeout: 30_000 }).toBeGreaterThan(0);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing ?? null)).toBe(null);
  expect(await keptVersions(page)).toEqual([]);
  await reload(flow);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.site).origin });
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
  await reload(flow);
  await page.waitForTimeout(4_000);
  flow.expectClean();
});

test('a worker is passed by with offline=no, and can be retired', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await visitOnce(flow);
  host.requests.length = 0;
  await page.goto(`${host.site}?${scenario}&offline=no`);
  await expect(page).toHaveURL(`${host.site}?${scenario}`);
  await flow.ready();
  expect(host.requests).toContain('');
  await expect(page.locator('.notices')).toHaveCount(0);
  const retired = await copyOf(first.folder, path.join(folder, 'retired'));
  await writeServiceWorker(retired.folder, { isRetired: true });
  host.build = retired;
  await reload(flow);
  // No page that works is taken its worker from: it is offered like a version.
  await page.getByRole('button', { name: 'Reload', exact: true }).click({ timeout: 60_000 });
  await expect.poll(() => versionOf(page).catch(() => null)).toBe('');
  await flow.ready();
  await expect.poll(() => page.evaluate(() => caches.keys()), { timeout: 60_000 }).toEqual([]);
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((found) => found.length))).toBe(0);
  await reload(flow);
  expect(await versionOf(page)).toBe('');
  await page.waitForTimeout(4_000);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  flow.expectClean();
});
