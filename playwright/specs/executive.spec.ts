import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as fresh } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { MetricFlowPage } from '../pages/metricflow';
import { test } from '../pages/test';

const parity = path.join(import.meta.dirname, '../../target/parity');

for (const [name, query] of Object.entries({ demo: '', tiny: '?preset=tiny' })) {
  fresh(`opening the page draws Executive growth for ${name}, and every tile agrees with dbt's database`, async ({ page }) => {
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

test.describe('filters, marks and files', () => {
  const charts = ['mrr', 'movements', 'active-users', 'signups'];
  const panels = [...charts, 'drivers'];
  let executive: DashboardPage;

  test.beforeEach(async ({ page }) => {
    executive = await DashboardPage.opened(page, '', 'preset=tiny');
  });

  test('panels show what the models hold, for everyone and for a choice of users', async () => {
    const compared = await executive.expectAllFigures('executive', {
      mrr: ['date_month', 'plan'],
      movements: ['date_month'],
      'active-users': ['date_day'],
      signups: ['channel'],
      drivers: ['date_day'],
    });
    expect(Object.keys(compared).sort()).toEqual([...panels].sort());
    expect(Object.values(compared).reduce((sum, one) => sum + one)).toBeGreaterThan(400);
  });

  test('the rows behind a mark are as many as it shows', async () => {
    const shown = new Map<string, number[]>();
    for (const link of ['preset=tiny&range=all', 'preset=tiny&country=US,GB&plan=starter,professional']) {
      await executive.goTo(link);
      for (const id of charts) shown.set(id, [...(shown.get(id) ?? []), ...(await executive.expectRowsOfMarks(id))]);
    }
    for (const [id, values] of shown) expect(values.some((value) => value !== 0), id).toBe(true);
  });

  test('a click on a channel filters the other panels, and its chip takes it away', async () => {
    await executive.goTo('preset=tiny&range=all');
    const everyone = await executive.answers(panels);
    const signups = await executive.csv('signups');
    // Largest last: ECharts counts from the bottom.
    await executive.clickMark('signups', 0, signups.length - 1);
    const chip = executive.page.getByTestId(`chip-channel-${signups[0].channel}`);
    await expect(chip).toBeVisible();
    const some = await executive.answers(panels);
    for (const [at, id] of panels.entries()) {
      if (id !== 'signups') expect(some[at], id).not.toBe(everyone[at]);
    }
    expect((await executive.csv('signups')).length, 'the panel that was clicked keeps its marks').toBe(signups.length);
    await chip.click();
    await expect(chip).toHaveCount(0);
    expect(await executive.answers(panels)).toEqual(everyone);
  });

  test('files, tables and charts hold the same', async () => {
    await executive.goTo('preset=tiny&range=all&country=US');
    const signups = await executive.expectFile('signups', /^signups_preset-tiny_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d_country-US\.csv$/, 'signups');
    const [bars] = await executive.seriesData('signups');
    expect(bars.data.map((bar) => bar.value ?? bar)).toEqual(signups.map((row) => Number(row.signups)).reverse());

    const mrr = await executive.expectFile('mrr', /^mrr_preset-tiny_.*_country-US\.csv$/, 'mrr_cents');
    const areas = await executive.seriesData('mrr');
    for (const plan of ['Starter', 'Professional', 'Enterprise']) {
      const rows = mrr.filter((row) => row.plan === plan.toLowerCase());
      const drawn = areas.find((series) => series.name === plan)?.data ?? [];
      expect(drawn.reduce((sum, value) => sum + value, 0), plan).toBe(rows.reduce((sum, row) => sum + Number(row.mrr_cents), 0));
    }
    await executive.expectPicture('mrr', /^mrr_preset-tiny_.*_country-US\.png$/);
    await executive.expectPicture('signups', /^signups_preset-tiny_.*_country-US\.png$/);
  });

  test('a reload of the link gives the same text', async () => {
    await executive.goTo('preset=tiny&range=all&compare=previous&channel=referral,direct&table=movements');
    await executive.expectSameAfterReload(panels, () => executive.learned());
    executive.expectClean();
  });
});
