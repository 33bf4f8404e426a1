import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

/** What every chart of the page is drawn from, by panel, as ECharts holds it. */
async function drawn(dashboard: DashboardPage): Promise<Record<string, unknown>> {
  await dashboard.page.waitForFunction(() => {
    const panels = [...document.querySelectorAll<HTMLElement>('[data-testid^="panel-"][data-pending]')];
    return panels.length > 0 && panels.every((panel) => panel.dataset.pending === 'false' && panel.dataset.state !== 'loading') && !document.querySelector('.chart[data-drawn="false"]');
  });
  return dashboard.page.evaluate(() => {
    const found = [...document.querySelectorAll<HTMLElement>('[data-testid^="panel-"] .chart')].map((chart) => {
      const instance = (window as any).echarts.getInstanceByDom(chart);
      const id = chart.closest<HTMLElement>('[data-testid^="panel-"]')?.dataset.testid ?? '';
      // Where the pointer was, and what ECharts itself adds to marks that are hovered, is no setting.
      const plain = JSON.stringify(instance?.getOption(), (key, value) => (['axisPointer', 'emphasis'].includes(key) ? undefined : value));
      return [id, JSON.parse(plain)];
    });
    return Object.fromEntries(found);
  });
}

// Charts whose settings are the same are merged rather than made anew: nothing of what was drawn before may stay.
for (const [route, panels] of [['', 4], ['retention/', 5], ['revenue/', 6], ['funnel/', 6], ['adoption/', 5]] as const) {
  test(`after other filters charts are what they are on a page just opened: ${route || 'executive'}`, async ({ page }) => {
    const dashboard = new DashboardPage(page, route);
    const end = 'preset=tiny&country=US';
    // From a page without charts: the dashboard's are new.
    await dashboard.open('definitions/?preset=tiny');
    await dashboard.openWith(`${end}&theme=light`);
    await dashboard.learned();
    const opened = await drawn(dashboard);
    expect(Object.keys(opened).length).toBeGreaterThanOrEqual(panels);
    for (const query of ['preset=tiny&range=all', 'preset=tiny&compare=previous', 'preset=tiny&range=90d&compare=previous&notes=hidden', 'preset=tiny&plan=starter']) {
      await dashboard.goTo(`${query}&theme=light`);
      await drawn(dashboard);
    }
    await dashboard.goTo(`${end}&theme=light`);
    const changed = await drawn(dashboard);
    for (const [id, option] of Object.entries(opened)) expect(changed[id], id).toEqual(option);
  });
}

test('a picture of the page draws no chart anew', async ({ page }) => {
  const dashboard = new DashboardPage(page, 'funnel/');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await dashboard.openWith('preset=tiny');
  await dashboard.learned();
  await drawn(dashboard);
  await page.evaluate(() => {
    (window as any).redrawn = 0;
    for (const chart of document.querySelectorAll<HTMLElement>('[data-testid^="panel-"] .chart')) {
      const instance = (window as any).echarts.getInstanceByDom(chart);
      const setOption = instance.setOption;
      instance.setOption = function (...args: unknown[]) {
        (window as any).redrawn += 1;
        return setOption.apply(this, args);
      };
    }
  });
  // The browser asks media queries at other widths for a moment.
  await page.screenshot({ fullPage: true });
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => (window as any).redrawn)).toBe(0);
});
