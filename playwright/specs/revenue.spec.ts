import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

const panels = ['waterfall', 'revenue-plans', 'revenue-retention', 'quick-ratio', 'dunning', 'refunds', 'revenue-anomalies'];
/** What an anomaly flag is raised on is everyone's revenue. */
const filtered = panels.filter((id) => id !== 'revenue-anomalies');

test.describe('Revenue deep-dive', () => {
  let revenue: DashboardPage;

  test.beforeEach(async ({ page }) => {
    revenue = await DashboardPage.opened(page, 'revenue/', 'preset=tiny');
  });

  test('panels show what the models hold, for everyone and for a choice of users', async () => {
    const compared = await revenue.expectAllFigures('revenue', {
      waterfall: ['date_month'],
      'revenue-plans': ['date_month', 'plan'],
      'revenue-retention': ['date_month'],
      dunning: ['failure_code', 'dunning_outcome'],
      refunds: ['date_month'],
      'revenue-anomalies': ['date_day'],
    });
    expect(Object.keys(compared).length).toBe(6);
    expect(Object.values(compared).reduce((sum, one) => sum + one)).toBeGreaterThan(1000);
  });

  test('the waterfall closes from the first month to the last', async () => {
    await revenue.goTo('preset=tiny&range=all&plan=professional');
    const months = await revenue.csv('waterfall');
    const steps = ['opening', 'new', 'expansion', 'reactivation', 'contraction', 'churn', 'transfer'];
    for (const [at, month] of months.entries()) {
      const sum = steps.reduce((total, step) => total + Number(month[`${step}_mrr_cents`]), 0);
      expect(sum, month.date_month).toBe(Number(month.closing_mrr_cents));
      if (at > 0) expect(month.opening_mrr_cents, month.date_month).toBe(months[at - 1].closing_mrr_cents);
    }
  });

  test('the rows behind a mark are as many as it shows', async () => {
    const shown = new Map<string, number[]>();
    for (const link of ['preset=tiny&range=all', 'preset=tiny&country=US,GB,DE']) {
      await revenue.goTo(link);
      for (const id of panels.filter((id) => id !== 'quick-ratio')) shown.set(id, [...(shown.get(id) ?? []), ...(await revenue.expectRowsOfMarks(id))]);
    }
    for (const [id, values] of shown) expect(values.some((value) => value !== 0), id).toBe(true);
  });

  test('a click on a plan filters the other panels, and its chip takes it away', async () => {
    await revenue.goTo('preset=tiny&range=all');
    const everyone = await revenue.answers(panels);
    const plans = await revenue.csv('revenue-plans');
    const months = [...new Set(plans.map((row) => row.date_month))];
    const last = plans.filter((row) => row.date_month === months.at(-1));
    // The stack's lowest area, in the middle of its height a little before the last month.
    const enterprise = last.find((row) => row.plan === 'enterprise');
    await revenue.clickAt('revenue-plans', [months.length - 3, Number(enterprise?.mrr_cents) / 3]);
    const chip = revenue.page.getByTestId(/^chip-plan-/);
    await expect(chip).toHaveCount(1);
    const some = await revenue.answers(filtered);
    for (const [at, id] of filtered.entries()) {
      if (id !== 'revenue-plans') expect(some[at], id).not.toBe(everyone[panels.indexOf(id)]);
    }
    await expect(revenue.panel('revenue-anomalies')).toContainText('does not apply to this panel');
    await chip.click();
    await expect(chip).toHaveCount(0);
    expect(await revenue.answers(panels)).toEqual(everyone);
  });

  test('files, tables and charts hold the same', async () => {
    await revenue.goTo('preset=tiny&range=all&country=US');
    const flows = await revenue.expectFile('dunning', /^dunning_preset-tiny_.*_country-US\.csv$/, 'charges');
    const failed = flows.filter((row) => row.failure_code !== '');
    const [sankey] = await revenue.seriesData('dunning');
    const total = failed.reduce((sum, row) => sum + Number(row.charges), 0);
    const into = (sankey.links ?? []).filter((link) => failed.every((row) => row.dunning_outcome !== link.source));
    // Each charge runs through two links: from all to its reason, from there to its end.
    expect(into.reduce((sum, link) => sum + link.value, 0)).toBe(2 * total);

    const refunds = await revenue.expectFile('refunds', /^refunds_preset-tiny_.*_country-US\.csv$/, 'refunded_cents');
    const series = await revenue.seriesData('refunds');
    const drawn = series.map((one) => one.data.map((value) => Math.abs(value?.value ?? value)).reduce((sum: number, value: number) => sum + value, 0));
    expect(drawn).toContain(refunds.reduce((sum, row) => sum + Number(row.refunded_cents), 0));
    await revenue.expectPicture('waterfall', /^waterfall_preset-tiny_.*_country-US\.png$/);
    await revenue.expectPicture('dunning', /^dunning_preset-tiny_.*_country-US\.png$/);
  });

  test('a reload of the link gives the same text', async () => {
    await revenue.goTo('preset=tiny&range=90d&country=US,DE&table=refunds,dunning');
    await revenue.expectSameAfterReload(panels, () => revenue.learned());
    revenue.expectClean();
  });
});
