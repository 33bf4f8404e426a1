import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

const parity = path.join(import.meta.dirname, '../../target/parity');

for (const [name, query] of Object.entries({ demo: '', tiny: '?preset=tiny' })) {
  test(`opening the page draws Executive growth for ${name}, and every tile agrees with dbt's database`, async ({ page }) => {
    const flow = new MetricFlowPage(page);
    await flow.open(query);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('MRR');
    const expected = JSON.parse(readFileSync(path.join(parity, name, 'kpis.json'), 'utf8'));
    const shown = await flow.tileValues();
    expect(Object.keys(shown).sort()).toEqual(Object.keys(expected).sort());
    for (const [tile, value] of Object.entries<number | null>(expected)) {
      if (value === null) expect(shown[tile], tile).toBe('');
      else expect(Number(shown[tile]) / value, `${tile}: ${shown[tile]} on screen, ${value} in the database`).toBeCloseTo(1, 9);
    }
    if (name === 'demo') {
      const [{ users, events }] = await flow.query(
        'select (select count(*) from raw.users) as users, (select count(*) from raw.events) as events',
      );
      expect(users).toBe(10_000);
      expect(events).toBeGreaterThanOrEqual(2_000_000);
    }
    flow.expectClean();
  });
}

test('every panel is drawn from the data', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('?preset=tiny');
  for (const panel of ['mrr', 'movements', 'active-users', 'signups', 'drivers']) {
    await expect(page.getByTestId(`panel-${panel}`), panel).toHaveAttribute('data-state', 'ready');
  }
});

test('the waterfall closes in every month and segment', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('scenario/?preset=tiny');
  const [{ rows, broken }] = await flow.query(`
    select
      count(*) as rows,
      count(*) filter (
        where opening_mrr_cents + new_mrr_cents + expansion_mrr_cents + contraction_mrr_cents
          + churn_mrr_cents + reactivation_mrr_cents + transfer_mrr_cents <> closing_mrr_cents
      ) as broken
    from marts.fct_mrr_waterfall`);
  expect(rows).toBeGreaterThan(100);
  expect(broken).toBe(0);
});
