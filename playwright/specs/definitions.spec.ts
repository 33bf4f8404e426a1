import { expect } from '@playwright/test';
import { FramePage } from '../pages/frame';
import { test } from '../pages/test';

test('a definition on hover leads to its worked example, and the scenario goes along', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('revenue/?preset=tiny&plan=starter');
  const panel = flow.panel('revenue-retention');
  // What is still being drawn above moves the sign from under the mouse.
  await expect(panel).toHaveAttribute('data-state', 'ready');
  await expect(async () => {
    await panel.getByTestId('definition-revenue-retention').hover();
    await panel.getByRole('link', { name: 'Worked example' }).click({ timeout: 2_000 });
  }).toPass();
  await expect(page).toHaveURL(/definitions\/\?.*preset=tiny.*plan=starter.*metric=revenue-retention/);
  const entry = page.getByTestId('metric-revenue-retention');
  await expect(entry).toBeFocused();
  await expect(entry).toBeInViewport();
  await expect(entry).toContainText('100 × (1,000 − 250 − 50 + 200) ÷ 1,000 = 90%');
  await expect(entry.getByRole('link', { name: 'revenue_retention' })).toHaveAttribute('href', /models\/\?.*model=revenue_retention/);
});

test('the page says which metric a link holds that it does not know', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('definitions/?preset=tiny&metric=happiness');
  await expect(page.getByTestId('notices')).toContainText('metric = “happiness” is not');
  await expect(page.getByTestId('page-sentence')).toContainText('metrics that people count in different ways');
  await page.getByRole('navigation', { name: 'Metrics' }).getByRole('link', { name: 'Quick ratio' }).click();
  await expect(page).toHaveURL(/metric=quick-ratio/);
  await expect(page.getByTestId('metric-quick-ratio')).toBeFocused();
  flow.expectClean();
});
