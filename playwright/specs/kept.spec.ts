import { expect, test } from '@playwright/test';
import { KeptPage, prepare } from '../pages/kept';
import { WorkbenchPage } from '../pages/workbench';

/** Other journeys keep nothing, so that a page that is loaded again makes its data anew. */
test.use({ storageState: { cookies: [], origins: [] } });

const scenario = 'preset=tiny';
let flow: KeptPage;

test.beforeEach(async ({ page }) => {
  test.setTimeout(400_000);
  await prepare(page);
  flow = new KeptPage(page, '');
});

test('a second visit shows the figures of the first; nothing is generated and no model runs', async ({ page }) => {
  await flow.visitOnce(`?${scenario}`);
  const first = await flow.figures();
  // The engine's program is asked for behind the page's own on a first visit; on a second it would take a core from the charts.
  const before = await flow.firstMoments();
  expect(before.engine).toBeLessThan(before.chart);
  await page.reload();
  await flow.ready();
  expect(await flow.figures()).toEqual(first);
  const after = await flow.firstMoments();
  expect(after.engine).toBeGreaterThan(after.chart);
  expect((await flow.workers()).some((name) => name.includes('generation'))).toBe(false);
  await expect(page.getByTestId('from-device')).toContainText('From this device');
  const stages = (await flow.status()).stages.filter(({ stage }) => ['rows', 'warehouse', 'models'].includes(stage));
  expect(stages.map(({ state }) => state)).toEqual(['reused', 'reused', 'reused']);
  // A filter reads tables that were kept; another page, too.
  await flow.goTo(`${scenario}&plan=starter`);
  await expect(page.locator('[data-pending="true"]')).toHaveCount(0);
  const filtered = await flow.figures();
  expect(filtered).not.toEqual(first);
  await flow.visit(`churn/?${scenario}`);
  expect((await flow.workers()).some((name) => name.includes('generation'))).toBe(false);
  // With rows made anew, the filter says the same.
  await page.goto(`?${scenario}&plan=starter&nothing`);
  await flow.ready();
  await flow.query('select count(*) from raw.users');
  expect(await flow.figures()).toEqual(filtered);
  expect(flow.consoleErrors).toEqual([]);
});

test('what needs raw rows makes them again, says so, and they agree', async ({ page }) => {
  await flow.visitOnce(`?${scenario}`);
  const first = await flow.figures();
  const users = await flow.query('select count(*) as n from raw.users');
  await page.reload();
  await flow.ready();
  const asked = flow.query('select count(*) as n from raw.users');
  await expect(page.getByTestId('progress')).toContainText('Something needs raw rows, which are made again:');
  expect(await asked).toEqual(users);
  await flow.ready();
  expect((await flow.workers()).some((name) => name.includes('generation'))).toBe(true);
  await expect(page.getByTestId('from-device')).toHaveCount(0);
  expect(await flow.figures()).toEqual(first);
  expect(flow.consoleErrors).toEqual([]);
});

test('rows of a mart are here, those of staging are made again', async ({ page }) => {
  await flow.visitOnce(`?${scenario}`);
  await page.goto(`models/?${scenario}&model=fct_signups&tab=rows`);
  await flow.ready();
  await expect(page.locator('table').filter({ hasText: 'signup' }).first()).toBeVisible();
  await expect(page.getByTestId('from-device')).toBeVisible();
  await flow.visit(`models/?${scenario}&model=stg_users&tab=rows`);
  await expect.poll(() => flow.workers(), { timeout: 60_000 }).toContainEqual(expect.stringContaining('generation'));
  await flow.ready();
  await expect(page.locator('table').filter({ hasText: 'user_id' }).first()).toBeVisible();
  await expect(page.getByTestId('from-device')).toHaveCount(0);
});

test('an edit is built on rows made again, and compared with them', async ({ page }) => {
  await flow.visitOnce(`?${scenario}`);
  const first = await flow.figures();
  await page.goto(`models/?${scenario}&model=fct_signups&tab=sql`);
  await flow.ready();
  await expect(page.getByTestId('from-device')).toBeVisible();
  const models = new WorkbenchPage(page);
  await models.append('\n-- as it was');
  await page.getByTestId('run-edit').click();
  await expect(models.chip).toBeVisible({ timeout: 90_000 });
  await models.tested();
  // Its rows were there before the edit was built.
  const rows = (await flow.status()).stages.find(({ stage }) => stage === 'rows');
  expect(rows?.state).toBe('reused');
  await expect(page.getByTestId('rebuilt-fct_signups')).toBeVisible();
  expect(await flow.fingerprint()).toBe(first.fingerprint);
});

test('another scenario is run, and both are kept', async () => {
  await flow.visitOnce(`?${scenario}`);
  await flow.run(`${scenario}&seed=7`);
  expect((await flow.workers()).some((name) => name.includes('generation'))).toBe(true);
  await flow.isKept(2);
});

test('the switch and the button delete what was kept', async ({ page }) => {
  await flow.visitOnce(`?${scenario}`);
  await flow.visit(`scenario/?${scenario}`);
  await expect(page.getByTestId('kept-size')).toContainText('1 scenario kept');
  await page.getByTestId('delete-kept').click();
  await expect(page.getByTestId('kept-size')).toContainText('Nothing is kept');
  await flow.isKept(0);
  await page.reload();
  await flow.ready();
  expect((await flow.workers()).some((name) => name.includes('generation'))).toBe(true);
  await flow.isKept(1);
  await page.getByTestId('keep-results').uncheck();
  await flow.isKept(0);
  await page.reload();
  await flow.ready();
  await expect(page.getByTestId('keep-results')).not.toBeChecked();
  await flow.tests();
  await flow.learned();
  await page.waitForTimeout(5_000);
  expect(await flow.copies()).toEqual([]);
});
