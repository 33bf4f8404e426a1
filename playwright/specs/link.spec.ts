import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

const link = '?preset=tiny&seed=7&churn=6';
const headline = `
  select date_month, closing_mrr_cents
  from marts.fct_mrr_waterfall
  where segment_type = 'all'
  order by date_month`;

test('a link reproduces every number in a new browser profile', async ({ browser }) => {
  const seen = [];
  for (let profile = 0; profile < 2; profile += 1) {
    const context = await browser.newContext();
    const flow = new MetricFlowPage(await context.newPage());
    await flow.open(link);
    seen.push({
      fingerprint: await flow.fingerprint(),
      mrr: await flow.query(headline),
      tiles: await flow.tileValues(),
    });
    flow.expectClean();
    await context.close();
  }
  expect(seen[0].mrr.length).toBeGreaterThan(12);
  expect(Object.keys(seen[0].tiles).length).toBeGreaterThanOrEqual(7);
  expect(seen[1]).toEqual(seen[0]);
});

test('another seed is another company', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('?preset=tiny&seed=7');
  const first = await flow.fingerprint();
  await flow.run('preset=tiny&seed=8');
  expect(await flow.fingerprint()).not.toBe(first);
  expect(new URL(page.url()).search).toBe('?preset=tiny&seed=8');
});

test('a bad value in a link falls back, is told, and spares the rest', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('?preset=tiny&churn=900&seed=3&colour=red');
  expect(await page.evaluate(() => window.metricflow.scenario())).toBe('preset=tiny&seed=3');
  const notices = page.getByTestId('notices');
  await expect(notices).toContainText('churn = 900 lies outside 0.5 to 15; shown now: 4.');
  await expect(notices).toContainText('“colour” is not a parameter');
  flow.expectClean();
});
