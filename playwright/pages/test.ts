import { test as base, type Page } from '@playwright/test';
import { keptPages } from './metricflow';

/** The page that the next test gets. Each of Playwright's workers has one. */
let kept: Page | undefined;

/**
 * Playwright's test on a page that stays open from test to test, since starting the engine takes
 * longer than most tests. Each test finds the page as a new visitor would: nothing stored, the usual
 * window. A page whose test failed, or that still holds something, is closed. Tests of loading itself,
 * and tests that add a script before the page's own, use Playwright's own test.
 */
export const test = base.extend({
  page: async ({ browser, baseURL, viewport }, use, testInfo) => {
    const page = kept ?? (await (await browser.newContext({ baseURL, viewport })).newPage());
    kept = undefined;
    keptPages.add(page);
    await use(page);
    if (testInfo.status === testInfo.expectedStatus && (await restore(page, viewport))) kept = page;
    else await page.context().close();
  },
});

/** Makes a page as it was before a test; false when that takes loading it again. */
async function restore(page: Page, viewport: { width: number; height: number } | null): Promise<boolean> {
  if (page.isClosed() || page.context().pages().length > 1) return false;
  page.removeAllListeners();
  await page.unrouteAll();
  await page.emulateMedia({ colorScheme: null, media: null, reducedMotion: null, forcedColors: null });
  if (viewport) await page.setViewportSize(viewport);
  await page.mouse.move(0, 0);
  return page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    const isQuiet = window.metricflow?.status().phase === 'ready' && document.querySelector('dialog[open]') === null;
    const isThemed = document.documentElement.dataset.theme !== undefined;
    // The configuration gives every page one setting: that results are not kept.
    const isStored = Object.keys(localStorage).some((key) => key !== 'metricflow-keep-results') || sessionStorage.length > 0;
    return isQuiet && !isThemed && !isStored && localStorage.getItem('metricflow-keep-results') === 'off';
  });
}
