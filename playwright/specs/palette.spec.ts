import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { FramePage } from '../pages/frame';
import { test } from '../pages/test';

test('the palette finds pages, panels, filters, presets, themes and exports by typing', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('?preset=tiny');

  await flow.find('retention');
  await expect(flow.selected()).toContainText('Retention intelligence');
  await expect(page.getByTestId('palette-told')).toHaveText(/^\d+ results?$/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/retention\/\?preset=tiny$/);
  await expect(flow.palette).toHaveCount(0);
  await expect(page.getByTestId('page-told')).toHaveText('Retention intelligence');

  await flow.go('much refunded');
  await expect(page).toHaveURL(/\/revenue\/\?preset=tiny$/);
  await expect(flow.panel('refunds')).toBeFocused();
  await expect(flow.panel('refunds')).toBeInViewport();

  await flow.go('full much refunded');
  await expect(page).toHaveURL(/panel=refunds$/);
  await expect(page.getByTestId('full-refunds')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('full-refunds')).toHaveCount(0);

  await flow.go('plan starter');
  await expect(page).toHaveURL(/plan=starter/);
  await expect(page.getByTestId('chip-plan-starter')).toBeVisible();
  await flow.go('last 90');
  await expect(page).toHaveURL(/range=90d/);
  await flow.go('clear filters');
  await expect(page).not.toHaveURL(/plan=|range=/);

  await flow.go('dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page).toHaveURL(/theme=dark/);
  await flow.go('light theme');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

  const [csv] = await Promise.all([page.waitForEvent('download'), flow.go('csv much refunded')]);
  expect(csv.suggestedFilename()).toMatch(/^refunds_.*\.csv$/);
  expect(readFileSync(await csv.path(), 'utf8').split('\n').length).toBeGreaterThan(2);
  // From another page: it is gone to first.
  const [png] = await Promise.all([page.waitForEvent('download'), flow.go('png come back')]);
  expect(png.suggestedFilename()).toMatch(/^cohorts_.*\.png$/);
  expect(readFileSync(await png.path()).subarray(1, 4).toString()).toBe('PNG');
  await expect(page).toHaveURL(/\/retention\//);

  await flow.find('leaky');
  await expect(flow.selected()).toContainText('Leaky bucket');
  await page.keyboard.press('Escape');
  await flow.go('preset tiny');
  await expect(page.getByTestId('scenario-chip')).toContainText('Tiny');
  flow.expectClean();
});

test('the palette is a dialog that holds the keyboard and gives it back', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('scenario/?preset=tiny');
  const button = page.getByTestId('open-palette');
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(flow.field).toBeFocused();
  await expect(flow.options.first()).toHaveAttribute('aria-selected', 'true');
  const names = await flow.options.allTextContents();
  await page.keyboard.press('ArrowDown');
  await expect(flow.selected()).toHaveText(names[1]);
  await expect(flow.field).toHaveAttribute('aria-activedescendant', (await flow.selected().getAttribute('id')) ?? '');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(flow.selected()).toHaveText(names.at(-1) ?? '');
  await expect(flow.selected()).toBeInViewport();
  // However often: the page behind is not reached.
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press('Tab');
    const isOutside = await page.evaluate(() => {
      const active = document.activeElement;
      return active !== null && active !== document.body && active.closest('dialog') === null;
    });
    expect(isOutside).toBe(false);
  }
  await flow.field.focus();
  await page.keyboard.type('qqqq');
  await expect(page.getByTestId('palette-told')).toHaveText('No results');
  await expect(flow.options).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(flow.palette).toHaveCount(0);
  await expect(button).toBeFocused();
  flow.expectClean();
});

test('single keys lead about, and can be switched off', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('?preset=tiny');
  await page.keyboard.press('?');
  await expect(flow.shortcuts).toBeVisible();
  await expect(flow.shortcuts.getByRole('row', { name: /g e Executive growth/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(page).toHaveURL(/\/revenue\//);
  await page.keyboard.press('j');
  await expect(flow.panel('waterfall')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(flow.panel('waterfall')).toBeFocused();
  // What is typed into a field is text.
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  const seed = page.getByTestId('input-seed');
  await seed.fill('');
  await seed.press('?');
  await expect(flow.shortcuts).toHaveCount(0);
  await seed.fill('42');
  await page.getByTestId('open-palette').focus();
  await page.keyboard.press('?');
  await page.getByText('Enable single-key shortcuts').click();
  await expect(page.getByTestId('single-keys')).not.toBeChecked();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.keyboard.press('?');
  await expect(flow.shortcuts).toHaveCount(0);
  await expect(page).toHaveURL(/\/scenario\//);
  // The palette is reached all the same.
  await page.keyboard.press('ControlOrMeta+k');
  await expect(flow.palette).toBeVisible();
  flow.expectClean();
});
