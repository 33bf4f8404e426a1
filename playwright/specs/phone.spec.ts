import { expect, type Locator, type Page } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

const size = { width: 390, height: 844 };

/** Scrolls until an element stands so many pixels above the bar at the screen's lower edge. */
async function scrollAboveBar(page: Page, element: Locator, distance: number): Promise<void> {
  await element.evaluate((element, distance) => {
    const bar = document.querySelector('.rail')!.getBoundingClientRect();
    scrollBy(0, element.getBoundingClientRect().bottom - bar.top + distance);
  }, distance);
}

/** Whether an element lies between the top line and the bar at the screen's lower edge. */
async function expectClear(page: Page, element: Locator): Promise<void> {
  const bar = (await page.locator('.rail').boundingBox())!;
  const line = (await page.locator('.top-line').boundingBox())!;
  await expect
    .poll(async () => {
      const box = (await element.boundingBox())!;
      return box.y >= line.y + line.height - 1 && box.y + box.height <= bar.y + 1;
    })
    .toBe(true);
}

test('what opens keeps clear of the bar below', async ({ page }) => {
  await page.setViewportSize(size);
  const revenue = new DashboardPage(page, 'revenue/');
  await revenue.openWith('preset=tiny');
  await revenue.settled('revenue-retention');
  const panel = revenue.panel('revenue-retention');
  const toggle = panel.getByRole('button', { name: /^Actions/ });
  const menu = panel.locator('.tools-list');
  // Low on the screen it opens upwards, high on it downwards.
  await scrollAboveBar(page, toggle, 8);
  await toggle.click();
  await expectClear(page, menu);
  expect((await menu.boundingBox())!.y).toBeLessThan((await toggle.boundingBox())!.y);
  await page.keyboard.press('Escape');
  await scrollAboveBar(page, toggle, 600);
  await toggle.click();
  await expectClear(page, menu);
  expect((await menu.boundingBox())!.y).toBeGreaterThan((await toggle.boundingBox())!.y);
  await page.keyboard.press('Escape');
  // So do definitions.
  const sign = page.getByTestId('definition-revenue-retention');
  await scrollAboveBar(page, sign, 8);
  await sign.click();
  await expect(page.locator('#definition-revenue-retention')).toBeVisible();
  await expectClear(page, panel.locator('.tip-box'));
  revenue.expectClean();
});
