import { expect, type Locator, type Page } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { FramePage } from '../pages/frame';
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

test('a picture over the page has the whole screen', async ({ page }) => {
  await page.setViewportSize(size);
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny');
  await retention.settled('cohorts');
  const drawn = (await retention.panel('cohorts').locator('.chart').boundingBox())!;
  await retention.panel('cohorts').getByRole('button', { name: /^Actions/ }).click();
  await retention.panel('cohorts').getByRole('button', { name: 'Full screen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Do people come back?' });
  const { x, width } = (await dialog.boundingBox())!;
  expect([x, width]).toEqual([0, size.width]);
  const chart = (await dialog.locator('.chart').boundingBox())!;
  expect(chart.width).toBeGreaterThanOrEqual(drawn.width);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  retention.expectClean();
});

test('names of models break between their words', async ({ page }) => {
  await page.setViewportSize(size);
  const flow = new FramePage(page);
  await flow.open('quality/?preset=tiny');
  await expect(page.getByTestId('group-marts.fct_mrr').or(page.getByTestId('group-fct_mrr')).first()).toBeVisible();
  const broken = await page.locator('.test-group .name, .test-line .title strong').evaluateAll((names) =>
    names.flatMap((name) => {
      const words = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (words.nextNode()) {
        const word = document.createRange();
        word.selectNodeContents(words.currentNode);
        const lines = new Set([...word.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1 && !/\s/.test(word.toString())) found.push(word.toString());
      }
      return found;
    }),
  );
  expect(broken).toEqual([]);
  flow.expectClean();
});

test('a phone shows no keyboard shortcuts', async ({ page }) => {
  await page.setViewportSize(size);
  const flow = new FramePage(page);
  await flow.open('?preset=tiny');
  await page.getByTestId('open-palette').click();
  await expect(flow.options.first()).toBeVisible();
  const keys = flow.palette.locator('.hint.key');
  await expect(keys).not.toHaveCount(0);
  for (const key of await keys.all()) await expect(key).toBeHidden();
  await expect(flow.palette.locator('.palette-foot')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(flow.palette).toHaveCount(0);
  flow.expectClean();
});
