import { expect, test, type Page } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

/** Every row on the page, by its key. */
function rowsOf(page: Page) {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('[data-testid^="truth-row-"]')].map((row) => [
        row.dataset.testid!.slice('truth-row-'.length),
        { planted: Number(row.dataset.planted), estimate: Number(row.dataset.estimate), verdict: row.dataset.verdict },
      ]),
    ),
  );
}

async function open(page: Page, query: string): Promise<MetricFlowPage> {
  const flow = new MetricFlowPage(page);
  await flow.open(`truth/${query}`);
  await expect(page.getByTestId('truth')).toHaveAttribute('data-state', 'ready');
  return flow;
}

test('every estimate of Demo stands beside what was planted, and agrees with a direct query', async ({ page }) => {
  const flow = await open(page, '');
  const rows = await rowsOf(page);
  for (const key of ['growth', 'season', 'weekend', 'events', 'activation', 'conv_opt_in', 'convert_days', 'difference', 'lift', 'churn',
    'involuntary', 'reactivation', 'hazard_quiet', 'hazard_tenure', 'annual', 'expansion', 'contraction', 'failure', 'recovery', 'refund',
    'mix_email', 'effect_referral', 'attribution_shapley', 'attribution_markov', 'attribution_first_touch']) {
    expect(rows[key], key).toBeDefined();
  }
  const [{ rate, failed }] = await flow.query(`
    select
      (select avg(case when is_activated then 1.0 else 0.0 end)
        from intermediate.int_user_lifecycle inner join staging.stg_users using (user_id)
        where is_activation_window_over and coalesce(experiment_variant, 'control') = 'control') as rate,
      (select avg(case when status = 'failed' then 1.0 else 0.0 end) from raw.payments
        where attempt_no = 1 and status <> 'refunded') as failed`);
  expect(rows.activation.estimate).toBeCloseTo(rate, 9);
  expect(rows.failure.estimate).toBeCloseTo(failed, 9);
  expect(rows.activation.planted).toBeCloseTo(0.3, 9);

  const judged = Object.values(rows).filter((row) => row.verdict !== 'compared');
  const inside = judged.filter((row) => row.verdict === 'inside');
  await expect(page.getByTestId('truth-sentence')).toContainText(`${inside.length} of ${judged.length} planted values`);
  flow.expectClean();
});

test('a parameter in the link changes what is planted, and the estimate follows', async ({ page }) => {
  await open(page, '?preset=tiny&users=2000&churn=9&activation=60');
  const rows = await rowsOf(page);
  expect(rows.churn.planted).toBeCloseTo(0.09, 9);
  expect(rows.activation.planted).toBeCloseTo(0.6, 9);
  expect(rows.churn.estimate).toBeGreaterThan(0.06);
  expect(rows.activation.estimate).toBeGreaterThan(0.5);
});

test('the filter keeps one verdict, and figures stand in the marks’ place', async ({ page }) => {
  await open(page, '?preset=tiny');
  const all = Object.keys(await rowsOf(page)).length;
  await page.getByTestId('truth-keep-compared').click();
  const compared = Object.values(await rowsOf(page));
  expect(compared.length).toBeGreaterThan(0);
  expect(compared.length).toBeLessThan(all);
  expect(new Set(compared.map((row) => row.verdict))).toEqual(new Set(['compared']));
  await page.getByTestId('truth-keep-all').click();
  await page.getByRole('button', { name: 'Figures' }).click();
  await expect(page.getByTestId('truth-row-activation')).toContainText(' to ');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toBe('truth.csv');
});

for (const theme of ['light', 'dark']) {
  for (const width of [1440, 390]) {
    test(`the page fits, ${theme}, ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await open(page, `?preset=tiny&theme=${theme}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  }
}
