import { expect, test } from '@playwright/test';
import { FramePage } from '../pages/frame';

test('a page prints as a report: light, without controls, with what it shows on top', async ({ page }) => {
  const flow = new FramePage(page);
  await flow.open('revenue/?preset=tiny&theme=dark&plan=starter');
  const panel = flow.panel('waterfall');
  await expect(panel).toHaveAttribute('data-state', 'ready');
  await expect(panel.locator('.chart')).toHaveAttribute('data-drawn', 'true');
  await expect(page.getByTestId('print-line')).toBeHidden();
  const axis = () => panel.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    // Ink is dark on paper and light on a dark screen; opening and closing MRR are drawn in it.
    let [dark, light] = [0, 0];
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] < 250) continue;
      if (pixels[at] < 60 && pixels[at + 1] < 60) dark += 1;
      if (pixels[at] > 215 && pixels[at + 1] > 215) light += 1;
    }
    return { isDark: dark > light, width: canvas.clientWidth };
  });
  expect((await axis()).isDark).toBe(false);

  // In the order of a browser: it tells first, then lays the page out for paper.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const line = page.getByTestId('print-line');
  await expect(line).toBeVisible();
  await expect(line).toContainText('Tiny, 500 users, seed 42');
  await expect(line).toContainText('plan Starter');
  await expect(line).toContainText(await flow.fingerprint());
  for (const hidden of [page.getByRole('navigation', { name: 'Pages' }), page.getByTestId('filters'), panel.locator('.tools'), page.getByTestId('share')]) {
    await expect(hidden).toBeHidden();
  }
  expect((await axis()).isDark).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await panel.evaluate((element) => getComputedStyle(element).breakInside)).toBe('avoid');

  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(panel.locator('.chart')).toHaveAttribute('data-drawn', 'true');
  await expect.poll(async () => (await axis()).isDark).toBe(false);
  const sheet = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true });
  expect(sheet.subarray(0, 4).toString()).toBe('%PDF');
  flow.expectClean();
});
