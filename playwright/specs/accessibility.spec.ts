import { expect } from '@playwright/test';
import { accessibilityFaults } from '../pages/accessible';
import { FramePage } from '../pages/frame';
import { test } from '../pages/test';
import { looks } from '../pages/workbench';

// The page one is on comes last: going to it again tells nothing.
const pages = [
  'Retention intelligence', 'Revenue deep-dive', 'Funnel diagnostics', 'Product adoption', 'Churn early warning',
  'Scenario', 'Lineage', 'Models', 'Data quality', 'Model cards', 'Truth', 'Our definitions', 'Executive growth',
];

for (const { theme, width } of looks) {
  test(`every page is accessible and fits: ${theme}, ${width} px`, async ({ page }) => {
    test.setTimeout(600_000);
    const flow = new FramePage(page);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await flow.open('?preset=tiny');
    // Learned models stand on three pages.
    await page.evaluate(() => (window.metricflow as any).tests());
    // Of all rules, contrast alone goes by the theme.
    const isContrastAlone = theme === 'dark';
    const faults: string[] = [];
    const look = async (name: string) => {
      for (const fault of await accessibilityFaults(page, isContrastAlone)) faults.push(`${name}: ${fault}`);
    };
    for (const name of pages) {
      await flow.goToPage(name);
      await expect(page.getByTestId('page-told')).toHaveText(name);
      await expect(page.locator('.panel[data-state="loading"]'), name).toHaveCount(0);
      await look(name);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${name}: ${overflow} px wider than the window`);
      // What stands in for a chart says what it shows.
      const charts = page.locator('.panel[data-state="ready"] .chart');
      for (const label of await charts.evaluateAll((all) => all.map((chart) => chart.getAttribute('aria-label') ?? ''))) {
        if (label.split(' ').length < 8) faults.push(`${name}: a chart is only called “${label}”`);
      }
    }
    await page.keyboard.press('ControlOrMeta+k');
    await expect(flow.field).toBeFocused();
    await look('Palette');
    await page.keyboard.press('Escape');
    await page.getByTestId('share').click();
    await expect(page.getByTestId('share-parts')).toBeVisible();
    await look('Share');
    await page.keyboard.press('Escape');
    await page.getByTestId('open-palette').focus();
    await page.keyboard.press('?');
    await expect(flow.shortcuts).toBeVisible();
    await look('Shortcuts');
    expect(faults).toEqual([]);
  });
}
