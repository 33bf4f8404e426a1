import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

/** Panels by page: those with a chart, then those with another body. Retention and Funnel have journeys of their own. */
const pages: [string, string, string[], string[]][] = [
  ['Executive growth', '', ['mrr', 'movements', 'active-users', 'signups'], ['drivers']],
  ['Revenue deep-dive', 'revenue/', ['waterfall', 'revenue-plans', 'revenue-retention', 'quick-ratio', 'dunning', 'refunds', 'revenue-anomalies', 'ltv-deciles'], []],
  [
    'Product adoption',
    'adoption/',
    ['adoption-curves', 'feature-groups', 'power-users', 'stickiness', 'time-to-adopt', 'segment-map', 'segment-profiles', 'rfm'],
    [],
  ],
  [
    'Churn early warning',
    'churn/',
    ['risk', 'mrr-at-risk', 'threshold', 'roc', 'calibration', 'lift', 'lead-time', 'health-fate', 'health', 'health-parts'],
    ['at-risk'],
  ],
];

test('every panel of four dashboards is drawn at Demo, with an answer in words', async ({ page }) => {
  test.setTimeout(300_000);
  const flow = new DashboardPage(page, '');
  await flow.openWith();
  await flow.learned();
  for (const [title, route, charts, others] of pages) {
    await page.getByRole('link', { name: title, exact: true }).first().click();
    await expect(page).toHaveURL(new RegExp(`/${route}$`));
    for (const id of charts) expect(await flow.hasMarks(id), id).toBe(true);
    for (const id of [...charts, ...others]) {
      await flow.settled(id);
      await expect(flow.answer(id), id).toHaveText(/\d.*\./);
    }
    const shown = await page.locator('[data-testid^="panel-"][data-state]').evaluateAll((found) => found.map((panel) => panel.getAttribute('data-state')));
    expect(new Set(shown), title).toEqual(new Set(['ready']));
    expect(shown.length, title).toBeGreaterThanOrEqual(charts.length + others.length);
    // What the learned segments and the fixed sample of the map show at this size agrees with their rows too.
    if (route === 'adoption/') {
      for (const id of ['segment-map', 'segment-profiles', 'feature-groups']) await flow.expectRowsOfMarks(id);
    }
  }
  flow.expectClean();
});
