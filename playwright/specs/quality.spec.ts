import { expect, test as fresh } from '@playwright/test';
import { test } from '../pages/test';
import { WorkbenchPage, brightAndWide, darkAndNarrow } from '../pages/workbench';

test('all tests are there, by layer and by kind', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('quality/?preset=tiny');
  const tests: any[] = await page.evaluate(() => (window.metricflow as any).tests());
  await expect(flow.sentence).toContainText(`All ${tests.length} data tests`);
  await expect(page.getByTestId('shown-tests')).toHaveText(`${tests.length} of ${tests.length} tests`);
  // Each table tells of every test, once they have run.
  for (const table of await page.locator('.totals').all()) {
    const rows = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].slice(1).map((cell) => Number(cell.textContent))));
    const [failed, warned, passed, all] = [0, 1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
    expect([failed, warned, passed, all]).toEqual([0, 0, tests.length, tests.length]);
  }
  await page.getByTestId('total-unique').click();
  await expect(page).toHaveURL(/kind=unique/);
  const unique = tests.filter((one) => one.kind === 'unique').length;
  await expect(page.getByTestId('shown-tests')).toHaveText(`${unique} of ${tests.length} tests`);
  await page.getByTestId('clear-filters').click();
  await page.getByTestId('quality-find').fill('assert_curves_never_rise');
  const found = page.getByTestId('test-assert_curves_never_rise');
  await found.getByRole('button').first().click();
  await expect(found).toContainText('sql/tests/assert_curves_never_rise.sql');
  await expect(found.locator('.cm-content')).toContainText('subscription_survival');
  flow.expectClean();
});

test('a planted fault fails exactly the tests that see it, with their rows', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&model=fct_payments&tab=sql');
  await flow.append('\nunion all\nselect * from (select * from final order by payment_id limit 2) as twice\n');
  await flow.runEdit();
  const failing = await flow.failingTests();
  expect(failing).toContain('unique_fct_payments_payment_id');

  await page.getByTestId('edit-tests').click();
  await expect(page).toHaveURL(/\/quality\/\?.*verdict=failed/);
  await expect(page.locator('.test-row')).toHaveCount(failing.length);
  for (const name of failing) await expect(page.getByTestId(`test-${name}`)).toHaveAttribute('data-verdict', 'failed');
  const row = page.getByTestId('test-unique_fct_payments_payment_id');
  await expect(row).toContainText('failed: 2 rows');
  await row.getByRole('button').first().click();
  const rows = page.getByTestId('rows-unique_fct_payments_payment_id');
  await expect(rows.locator('tbody tr')).toHaveCount(2);
  const saved = page.waitForEvent('download');
  await rows.getByTestId('rows-csv').click();
  expect((await saved).suggestedFilename()).toBe('unique_fct_payments_payment_id.csv');
  await row.getByTestId('red-path').click();
  await expect(page).toHaveURL(/\/lineage\/\?.*model=fct_payments/);
  await expect(flow.node('fct_payments')).toHaveClass(/fault/);
  flow.expectClean();
});

fresh('a link opens one test', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('quality/?preset=tiny&test=unique_stg_users_user_id');
  const row = page.getByTestId('test-unique_stg_users_user_id');
  await expect(row.locator('.cm-content')).toContainText('staging.stg_users');
});

test('data quality is accessible in both themes and widths', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('quality/?preset=tiny&test=unique_stg_users_user_id');
  for (const { theme, width } of [brightAndWide, darkAndNarrow]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await page.getByTestId('test-unique_stg_users_user_id').locator('.cm-content').waitFor();
    await flow.expectAccessible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
});

test('a defect planted by the link fails exactly its test, with its rows and the path behind it', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('quality/?preset=tiny&defect_emails=1');
  expect(await flow.failingTests()).toEqual(['unique_stg_users_email']);
  await expect(flow.sentence).toContainText(/^One of \d+ data tests fails/);
  const row = page.getByTestId('test-unique_stg_users_email');
  await expect(row).toHaveAttribute('data-verdict', 'failed');
  await row.getByRole('button').first().click();
  const rows = page.getByTestId('rows-unique_stg_users_email').locator('tbody tr');
  const reused = 'select email from staging.stg_users where email is not null group by email having count(*) > 1';
  await expect(rows).toHaveCount(await flow.count(`(${reused})`));
  await row.getByTestId('red-path').click();
  await expect(page).toHaveURL(/\/lineage\/\?.*model=stg_users/);
  await expect(flow.node('stg_users')).toHaveClass(/fault/);
  await expect(flow.node('dim_users')).toHaveClass(/tainted/);
  await expect(page.locator('.edge.red').first()).toBeVisible();
  await page.goBack();
  await flow.run('preset=tiny');
  await flow.tested();
  expect(await flow.failingTests()).toEqual([]);
});
