import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { rowsOfCsv } from '../pages/dashboard';
import { FramePage } from '../pages/frame';

/** Presses Tab until the focus is on what `selector` names, seeing to it that the focus can be seen. */
async function tabTo(page: Page, selector: string, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate((wanted) => {
      const active = document.activeElement;
      if (active === null || active === document.body) return 'nothing';
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(active);
      const isSeen = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      if (!isSeen) return `unseen ${active.outerHTML.slice(0, 120)}`;
      return active.matches(wanted) ? 'found' : 'other';
    }, selector);
    expect(found).not.toContain('unseen');
    if (found === 'found') return;
  }
  throw new Error(`${selector} was not reached by ${most} presses of Tab`);
}

// On a page of its own: where Tab begins is what a page was used for before.
test('without a mouse: a link is opened, a filter changed, a drill-down opened, its rows exported', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('revenue/?preset=tiny');
  await expect(flow.panel('waterfall')).toHaveAttribute('data-state', 'ready');

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/revenue\/\?preset=tiny$/);
  await expect(page.locator('main')).toBeFocused();

  await tabTo(page, '[data-testid="filter-plan"]');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-testid="pick-plan-professional"]');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/plan=professional/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('filter-plan')).toBeFocused();
  await expect(page.getByTestId('chip-plan-professional')).toBeVisible();
  await expect(flow.panel('waterfall')).toHaveAttribute('data-pending', 'false');

  await page.keyboard.press('j');
  await expect(flow.panel('waterfall')).toBeFocused();
  await tabTo(page, '#panel-waterfall .tools button:nth-child(2)');
  await expect(flow.panel('waterfall').getByRole('button', { name: 'Rows', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  const told = page.getByTestId('rows-told');
  await expect(told).toHaveAttribute('data-total', /\d/);
  const dialog = page.getByTestId('rows-waterfall');
  await expect(dialog).toBeVisible();

  const csv = dialog.getByRole('button', { name: 'CSV' });
  for (let presses = 0; presses < 20 && !(await csv.evaluate((button) => button === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(csv).toBeFocused();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const rows = rowsOfCsv(readFileSync(await download.path(), 'utf8'));
  expect(rows.length).toBeGreaterThan(0);
  expect(download.suggestedFilename()).toContain('plan-professional');

  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(flow.panel('waterfall').getByRole('button', { name: 'Rows', exact: true })).toBeFocused();
  flow.expectClean();
});
