import { expect } from '@playwright/test';
import { test } from '../pages/test';
import { WorkbenchPage, looks } from '../pages/workbench';

test('from the lineage to a model, an edit, a changed child, and back', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('lineage/?preset=tiny&model=int_subscription_periods');
  await expect(flow.sentence).toContainText('All 40 models built');
  await expect(flow.node('stg_subscriptions')).toBeVisible();
  // Two steps away, so not drawn.
  await expect(flow.node('fct_mrr')).toHaveCount(0);
  await flow.node('fct_customer_mrr_monthly').click();
  await expect(page).toHaveURL(/model=fct_customer_mrr_monthly/);
  await expect(flow.node('fct_mrr')).toBeVisible();
  await page.getByTestId('open-model').click();
  await expect(page).toHaveURL(/\/models\/\?.*model=fct_customer_mrr_monthly/);

  const before = await flow.count('advanced.revenue_retention');
  await page.getByTestId('tab-sql').click();
  await flow.append('\nwhere mrr_cents > 20000\n');
  await flow.runEdit();
  await expect(flow.chip).toContainText('1 edited model');
  await expect(page.getByTestId('rebuilt-fct_mrr_waterfall')).toBeVisible();
  expect(await flow.count('advanced.revenue_retention')).toBeLessThan(before);
  // What does not read the model was not built again.
  const signups = await page.evaluate(() => (window.metricflow as any).models().find((model: any) => model.name === 'fct_signups').state);
  expect(signups).toBe('kept');

  await page.getByRole('link', { name: 'Executive growth' }).first().click();
  await expect(flow.chip).toContainText('1 edited model');
  await page.getByTestId('reset-edits').click();
  await flow.tested();
  await expect(flow.chip).toHaveCount(0);
  expect(await flow.count('advanced.revenue_retention')).toBe(before);
  expect(await flow.failingTests()).toEqual([]);
  flow.expectClean();
});

test('arrow keys walk along edges and Enter opens the model', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('lineage/?preset=tiny&model=fct_customer_mrr_monthly');
  await flow.node('fct_customer_mrr_monthly').focus();
  await page.keyboard.press('ArrowLeft');
  const parent = page.locator('.node:focus');
  await expect(parent).toHaveAttribute('data-testid', /node-(int_subscription_periods|stg_users)/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.node:focus')).toHaveAttribute('data-testid', /node-(fct|int)_/);
  // Out of what is drawn: the walk goes on, and the drawing follows.
  await flow.node('stg_users').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.node:focus')).toHaveAttribute('data-testid', 'node-raw.users');
  await expect(page).toHaveURL(/model=stg_users/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.node:focus')).toHaveAttribute('data-testid', 'node-stg_users');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/models\/\?.*model=/);
});

test('the whole project is drawn on demand, and a search finds a table', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('lineage/?preset=tiny');
  await page.getByText('Whole project', { exact: true }).click();
  await expect(page).toHaveURL(/hops=all/);
  await expect(page.locator('.node')).toHaveCount(73);
  await page.getByTestId('lineage-find').fill('waterfall');
  await page.getByTestId('lineage-find').press('Enter');
  await expect(page).toHaveURL(/model=fct_mrr_waterfall/);
  await expect(flow.node('fct_mrr_waterfall')).toHaveAttribute('aria-pressed', 'true');
});

test('a failing test paints the path behind it', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&model=stg_users&tab=sql');
  await flow.append('\nunion all\nselect * from renamed where user_id = 1\n');
  await flow.runEdit();
  expect(await flow.failingTests()).toContain('unique_stg_users_user_id');
  await page.getByRole('link', { name: 'Lineage' }).first().click();
  await page.getByText('Whole project', { exact: true }).click();
  await expect(flow.sentence).toContainText('data tests fail');
  await expect(flow.node('stg_users')).toHaveClass(/fault/);
  await expect(flow.node('dim_users')).toHaveClass(/fault|tainted/);
  await expect(flow.node('stg_payments')).not.toHaveClass(/fault|tainted/);
  expect(await page.locator('.edge.red').count()).toBeGreaterThan(10);
});

test('lineage fits in both themes and widths', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('lineage/?preset=tiny');
  for (const { theme, width } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    if (width < 720) {
      await expect(page.getByTestId('lineage-drawing')).toBeHidden();
      await expect(page.getByTestId('lineage-list')).toContainText('Reads 2');
    }
  }
});
