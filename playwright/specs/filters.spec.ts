import { expect, test as fresh, type Page } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { FramePage } from '../pages/frame';
import { test } from '../pages/test';

/** Chooses plans by the word, by the box and by the empty end of a row. */
async function chooseEverywhere(page: Page, dashboard: DashboardPage, press: 'click' | 'tap'): Promise<void> {
  const plans = () => new URL(page.url()).searchParams.get('plan');
  await page.getByTestId('filter-plan')[press]();
  await dashboard.value('plan', 'Starter')[press]();
  await expect.poll(plans).toBe('starter');
  await page.getByTestId('pick-plan-professional')[press]();
  await expect.poll(plans).toBe('starter,professional');
  const row = dashboard.value('plan', 'Enterprise');
  const { width, height } = (await row.boundingBox())!;
  await row[press]({ position: { x: width - 4, y: height / 2 } });
  await expect.poll(plans).toBe('starter,professional,enterprise');
  await dashboard.value('plan', 'Starter')[press]();
  await expect.poll(plans).toBe('professional,enterprise');
  await expect(page.getByRole('dialog', { name: /^Plan/ }), 'the menu stays open').toBeVisible();
}

test('a filter is chosen by its word, its box and its row', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny');
  await chooseEverywhere(page, growth, 'click');

  // The keyboard goes on from where the mouse was.
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.popover') !== null)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.locator('.popover-panel')).toHaveCount(0);
  await expect(page.getByTestId('filter-plan')).toBeFocused();

  // A long list is searched, and its values are chosen by their words, too.
  await page.getByTestId('filter-country').click();
  await page.getByRole('searchbox').fill('ger');
  await growth.value('country', 'Germany').click();
  await expect(page).toHaveURL(/country=DE/);
  growth.expectClean();
});

for (const width of [1440, 800, 390]) {
  test(`what is chosen leaves the open menu where it is, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const growth = new DashboardPage(page, '');
    await growth.openWith('preset=tiny');
    const menu = page.locator('.popover-panel');
    for (const [dimension, names] of [
      ['plan', ['Starter', 'Professional', 'Enterprise']],
      ['segment', ['Power']],
    ] as const) {
      await page.getByTestId(`filter-${dimension}`).click();
      const before = (await menu.boundingBox())!;
      for (const name of names) {
        await growth.value(dimension, name).click();
        await expect(page.getByTestId(`filter-${dimension}`)).toHaveClass(/set/);
        await growth.settled('mrr');
        const { x, y } = (await menu.boundingBox())!;
        expect([x, y], name).toEqual([before.x, before.y]);
      }
      // However many lines the sentence has.
      const sentence = page.getByTestId('page-sentence');
      await sentence.evaluate((sentence) => sentence.append(' and so on'.repeat(60)));
      expect((await menu.boundingBox())!.y).toBe(before.y);
      await sentence.evaluate((sentence) => sentence.lastChild!.remove());
      await page.keyboard.press('Escape');
      await growth.openWith('preset=tiny');
    }
  });
}

test('a panel’s tools cover nothing of its question', async ({ page }) => {
  const churn = new DashboardPage(page, 'churn/');
  await churn.openWith('preset=tiny');
  for (const width of [1440, 1100, 800]) {
    await page.setViewportSize({ width, height: 900 });
    const panels = page.locator('.panel');
    for (let place = 0; place < (await panels.count()); place += 1) {
      const panel = panels.nth(place);
      const heading = panel.getByRole('heading', { level: 2 });
      const covered = async () => {
        // What is still training moves the page under the pointer when it comes.
        await heading.hover();
        return panel.evaluate((element) => {
          const [question, tools] = ['h2', '.tools-list'].map((inside) => element.querySelector(inside)!);
          if (getComputedStyle(tools).opacity !== '1') return 'no tools are shown';
          const words = document.createRange();
          words.selectNodeContents(question);
          const over = tools.getBoundingClientRect();
          const meets = [...words.getClientRects()].some((one) => one.right > over.left && one.left < over.right && one.bottom > over.top && one.top < over.bottom);
          return meets ? question.textContent : null;
        });
      };
      await expect.poll(covered, { message: `${width} px` }).toBeNull();
    }
  }
});

test('a menu closes where the reader turns elsewhere, and only then', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny');
  const menu = page.locator('.popover-panel');
  await page.getByTestId('filter-plan').click();
  // A press on its paper moves the focus to nothing that it leads to.
  await menu.click({ position: { x: 3, y: 3 } });
  await expect(menu).toHaveCount(1);
  await page.getByTestId('page-sentence').click();
  await expect(menu).toHaveCount(0);
  await page.getByTestId('filter-plan').click();
  await page.getByTestId('filter-country').click();
  await expect(page.getByRole('dialog', { name: 'Country' })).toBeVisible();
  await expect(menu).toHaveCount(1);
  await page.getByTestId('filter-truth').focus();
  await expect(menu).toHaveCount(0);
});

fresh.describe('on a phone', () => {
  fresh.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  fresh('a filter is chosen by its word, its box and its row', async ({ page }) => {
    const growth = new DashboardPage(page, '');
    await growth.openWith('preset=tiny');
    await chooseEverywhere(page, growth, 'tap');
    await page.getByTestId('definition-mrr').tap();
    await expect(page.locator('#definition-mrr')).toBeVisible();
    growth.expectClean();
  });

  fresh('every page is two taps away, and a panel’s tools are in a menu', async ({ page }) => {
    const flow = new FramePage(page);
    await flow.open('?preset=tiny');
    const dashboards = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    for (const link of await dashboards.all()) await expect(link).toBeInViewport({ ratio: 0.95 });
    await expect(dashboards).toHaveCount(6);
    await page.getByTestId('more-pages').tap();
    await expect(dashboards).toHaveCount(13);
    await page.getByRole('link', { name: 'Data quality' }).tap();
    await expect(page).toHaveURL(/\/quality\//);
    await expect(dashboards).toHaveCount(6);

    await flow.goToPage('Executive growth');
    const panel = flow.panel('mrr');
    await expect(panel).toHaveAttribute('data-state', 'ready');
    await expect(panel.getByRole('button', { name: 'Table', exact: true })).toBeHidden();
    await panel.getByRole('button', { name: /^Actions/ }).tap();
    await panel.getByRole('button', { name: 'Table', exact: true }).tap();
    await expect(panel.getByRole('table')).toBeVisible();
    await expect(panel.getByRole('button', { name: 'Table', exact: true })).toBeHidden();
    flow.expectClean();
  });
});

fresh('what this is can be read while the first run is shown', async ({ page }) => {
  await page.goto('?preset=tiny');
  await page.locator('.progress.running .words').waitFor();
  const [welcome, run] = await page.evaluate(() =>
    ['.welcome', '.progress.running .words'].map((part) => document.querySelector(part)!.getBoundingClientRect().toJSON()),
  );
  expect(run.top).toBeGreaterThanOrEqual(welcome.bottom - 1);
});

test('a first visitor is told what this is, once', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('?preset=tiny');
  await expect(page.getByTestId('welcome')).toContainText('simulated');
  await page.getByTestId('dismiss-welcome').click();
  await expect(page.getByTestId('welcome')).toHaveCount(0);
  await page.reload();
  await flow.ready();
  await expect(page.getByTestId('welcome')).toHaveCount(0);
});

test('a panel that a key goes to shows its question below the bar', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('revenue/?preset=tiny');
  await expect(flow.panel('waterfall')).toHaveAttribute('data-state', 'ready');
  for (let panels = 0; panels < 3; panels += 1) await page.keyboard.press('j');
  const heading = await flow.panel('revenue-retention').getByRole('heading').boundingBox();
  const bar = await page.locator('.top-line').boundingBox();
  expect(heading!.y).toBeGreaterThanOrEqual(bar!.y + bar!.height);
});
