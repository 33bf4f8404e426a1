import { expect, test } from '@playwright/test';
import { FramePage } from '../pages/frame';

const link = 'revenue/?preset=tiny&seed=7&range=90d&plan=starter&panel=waterfall.sql';

test('sharing copies the link and says what it holds', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const flow = new FramePage(page);
  await flow.open('revenue/?preset=tiny&seed=7&range=90d&plan=starter&truth=1');
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-told')).toHaveText('Link copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  const parts = page.getByTestId('share-parts');
  await expect(parts).toContainText('Revenue deep-dive');
  await expect(parts).toContainText('Tiny, 500 users, seed 7');
  await expect(parts).toContainText(/last 90 days \(.*2025/);
  await expect(parts).toContainText('plan Starter');
  await expect(parts).toContainText('truth shown');
  await expect(parts).toContainText(await flow.fingerprint());
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('share')).toBeFocused();
  flow.expectClean();
});

test('where the clipboard is refused, the link stands there selected', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('refused')) } });
  });
  const flow = new FramePage(page);
  await flow.open(link);
  // An open panel holds the keyboard; the palette goes over it.
  await flow.go('share this page');
  await expect(page.getByTestId('share-told')).toContainText('The browser blocked copying');
  const field = page.getByTestId('share-link');
  await expect(field).toBeFocused();
  const selected = await field.evaluate((input: HTMLInputElement) => input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0));
  expect(selected).toBe(page.url());
  await expect(page.getByTestId('share-parts')).toContainText('the SQL of “How did MRR get here?”');
  flow.expectClean();
});
