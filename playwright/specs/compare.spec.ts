import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

/** The number in a change such as "+28% on Dec 2024" or "−3.5 pp on the month". */
function changeIn(text: string | null): number {
  const found = /([+−])([\d.,]+)/.exec(text ?? '');
  expect(found, `a change in “${text}”`).not.toBeNull();
  return (found?.[1] === '−' ? -1 : 1) * Number(found?.[2].replaceAll(',', ''));
}

test('comparing sets every tile against the same month of the period before, and draws that period', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny');
  const tile = (id: string) => page.getByTestId(`kpi-${id}`);
  await expect(tile('mrr')).toContainText('on the month');
  await page.getByTestId('filter-compare').click();
  await expect(page).toHaveURL(/compare=previous/);
  for (const id of ['mrr', 'arr', 'nrr', 'active-users']) await expect(tile(id), id).toContainText('on Dec 2024');
  // A month of Tiny has fewer than twenty signups (decision 0149).
  await expect(tile('signups')).toContainText('too few to compare');

  const [months] = await growth.query(`
    select
      max(closing_mrr_cents) filter (where date_month = date '2025-12-01') as mrr,
      max(closing_mrr_cents) filter (where date_month = date '2024-12-01') as mrr_before
    from marts.fct_mrr_waterfall where segment_type = 'all'`);
  const expected = (Number(months.mrr) / Number(months.mrr_before) - 1) * 100;
  expect(Math.abs(changeIn(await tile('mrr').locator('.delta').textContent()) - expected)).toBeLessThan(0.51);

  // The period before stands in the table, too: 24 months of three plans.
  const rows = await growth.csv('mrr');
  expect(rows[0].date_month).toBe('2024-01-01');
  const earlier = rows.filter((row) => row.date_month === '2024-12-01');
  expect(earlier.reduce((sum, row) => sum + Number(row.mrr_cents), 0)).toBe(Number(months.mrr_before));
  await expect(growth.panel('mrr')).toContainText('Jan 2024 to Dec 2024, the 12 months before');
  await expect(growth.answer('mrr')).toContainText('on Dec 2024');
});

test('where the history does not reach back there is no change instead of a false one', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  // The same statement was compared with another period a moment ago: its change must not stay.
  await growth.openWith('preset=tiny&compare=previous');
  await expect(page.getByTestId('kpi-mrr')).toContainText('on Dec 2024');
  await growth.openWith('preset=tiny&range=all&compare=previous');
  await expect(page.getByTestId('chip-compare')).toContainText('No earlier period to compare with');
  await growth.settled('mrr');
  for (const id of ['mrr', 'active-users', 'signups']) {
    await expect(page.getByTestId(`kpi-${id}`).locator('.figure'), id).not.toHaveText('');
    await expect(page.getByTestId(`kpi-${id}`).locator('.delta'), id).toHaveText('');
  }
});

test('the forecast stands behind active users as the model gave it', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny');
  // Models are learned one after the other, the forecast last.
  await expect(growth.answer('active-users')).toContainText('Forecast for the week to', { timeout: 150_000 });
  await growth.settled('active-users');
  const rows = await growth.csv('active-users');
  const forecast = await growth.query(`
    select cast(date as varchar) as date, yhat, lower, upper from ml.user_forecast where actual is null order by date`);
  expect(forecast).toHaveLength(90);
  const ahead = rows.filter((row) => row.dau === '');
  expect(ahead.map((row) => row.date_day)).toEqual(forecast.map((day) => day.date));
  for (const row of rows) expect(row.kind, row.date_day).toBe(row.dau === '' ? 'forecast' : 'counted');
  ahead.forEach((row, at) => {
    expect(Number(row.expected_dau)).toBeCloseTo(forecast[at].yhat, 6);
    expect(Number(row.lower_dau)).toBeCloseTo(forecast[at].lower, 6);
    expect(Number(row.upper_dau)).toBeCloseTo(forecast[at].upper, 6);
  });
  // It is of everyone, and says so once only some are looked at.
  await growth.goTo('preset=tiny&plan=starter');
  await expect(growth.panel('active-users')).toContainText('The forecast covers all users');
  await growth.settled('active-users');
  expect((await growth.csv('active-users')).every((row) => row.dau !== '')).toBe(true);
});

test('launches are noted on time axes until they are hidden; planted days need the truth', async ({ page }) => {
  const revenue = new DashboardPage(page, 'revenue/');
  await revenue.openWith('preset=tiny&range=all');
  await revenue.settled('refunds');
  const refunds = revenue.panel('refunds');
  await expect(refunds).toContainText('Product launch, 10 Jun 2024');
  await expect(refunds).not.toContainText('(planted)');
  await page.getByTestId('filter-notes').click();
  await expect(page).toHaveURL(/notes=hidden/);
  await expect(refunds).not.toContainText('Product launch');
  await page.getByTestId('filter-truth').click();
  await expect(page).toHaveURL(/truth=shown/);
  const planted = await revenue.query('select cast(date as varchar) as date from truth.anomaly_days order by date');
  await expect(refunds).toContainText('(planted)');
  expect((await refunds.textContent())?.match(/\(planted\)/g)).toHaveLength(planted.length);
  await page.goBack();
  await expect(refunds).not.toContainText('(planted)');
});

test('a switch that cannot be read is told and stays as it usually is', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny&truth=yes&notes=no');
  await expect(page.getByText('“shown” or “hidden”').first()).toBeVisible();
  await expect(page.getByTestId('filter-truth')).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByTestId('filter-notes')).toHaveAttribute('aria-pressed', 'true');
});

test('what the Isolation Forest calls stands beside the z-scores, and LTV says why it is not there', async ({ page }) => {
  const revenue = new DashboardPage(page, 'revenue/');
  await revenue.openWith('preset=tiny&range=all&truth=shown');
  await expect(revenue.answer('revenue-anomalies')).toContainText('The Isolation Forest flags', { timeout: 150_000 });
  const rows = await revenue.csv('revenue-anomalies');
  const called = await revenue.query('select cast(date as varchar) as date from ml.revenue_anomalies where is_anomaly order by date');
  expect(called.length).toBeGreaterThan(0);
  expect(rows.filter((row) => row.is_called === 'true').map((row) => row.date_day)).toEqual(called.map((day) => day.date));
  // Tiny has too few users for this model.
  await expect(revenue.panel('ltv-deciles')).toHaveAttribute('data-state', 'failed');
  await expect(revenue.panel('ltv-deciles')).toContainText('could not be trained on this scenario');
});

test('rows behind the new marks add up to them', async ({ page }) => {
  const revenue = new DashboardPage(page, 'revenue/');
  await revenue.openWith('preset=tiny');
  for (const query of ['preset=tiny', 'preset=tiny&plan=starter', 'preset=tiny&channel=direct']) {
    await revenue.expectRows('waterfall', 'opening', query);
    await revenue.expectRows('quick-ratio', '2025-12', query);
  }
});

test('the period before is what that period shows when it is opened itself', async ({ page }) => {
  // The year has 365 days; the leap year before has one more.
  const before = '2024-01-02 to 2024-12-31';
  const now = '2025-01-01 to 2025-12-31';
  const compared: [string, string[]][] = [
    ['retention/', ['retention-curves', 'survival']],
    ['funnel/', ['time-to-convert']],
    ['adoption/', ['feature-groups', 'power-users', 'time-to-adopt']],
  ];
  const plain = ({ range: _, ...row }: Record<string, string>) => JSON.stringify(row);
  for (const [route, panels] of compared) {
    const dashboard = new DashboardPage(page, route);
    await dashboard.openWith('preset=tiny&compare=previous');
    const both = new Map<string, Record<string, string>[]>();
    for (const id of panels) {
      both.set(id, await dashboard.csv(id));
      await expect(dashboard.panel(id), id).not.toContainText('This panel has no comparison');
    }
    await dashboard.goTo('preset=tiny&from=2024-01-02&to=2024-12-31');
    for (const id of panels) {
      const rows = both.get(id) ?? [];
      const isOf28Days = ['feature-groups', 'power-users'].includes(id);
      const ranges = isOf28Days ? ['2024-12-04 to 2024-12-31', '2025-12-04 to 2025-12-31'] : [before, now];
      expect([...new Set(rows.map((row) => row.range))], id).toEqual(ranges);
      const opened = await dashboard.csv(id);
      expect(opened.length, id).toBeGreaterThan(0);
      expect(rows.filter((row) => row.range === ranges[0]).map(plain), id).toEqual(opened.map(plain));
    }
  }
});

test('the funnel of each segment is set against its own rate in the period before', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&compare=previous');
  const now = await funnel.csv('funnel-segments');
  await expect(funnel.panel('funnel-segments')).toContainText('the 365 days before');
  await funnel.goTo('preset=tiny&from=2024-01-02&to=2024-12-31');
  const opened = await funnel.csv('funnel-segments');
  const rate = (segment: string, step: string) => opened.find((row) => row.segment_value === segment && row.step === step)?.overall_rate ?? '';
  const later = now.filter((row) => row.step_number !== '1');
  expect(later.length).toBeGreaterThan(0);
  for (const row of later) expect(row.previous_overall_rate, `${row.segment_value}, ${row.step}`).toBe(rate(row.segment_value, row.step));
});

// A row without a value in the period before has no tick, so a tick's place among ticks is not its row's place.
test('a click on a tick of the period before opens the row it stands in', async ({ page }) => {
  const adoption = new DashboardPage(page, 'adoption/');
  await adoption.openWith('preset=tiny&from=2025-10-01&to=2025-10-20&compare=previous');
  await adoption.settled('time-to-adopt');
  const { index, series, beside } = await adoption.tickOutOfStep('time-to-adopt');
  const opened = () => new URL(page.url()).searchParams.get('panel');
  await adoption.clickAt('time-to-adopt', beside);
  await expect.poll(opened).toMatch(/^time-to-adopt\.rows\./);
  const row = opened();
  await page.keyboard.press('Escape');
  await expect.poll(opened).toBeNull();
  await adoption.clickMark('time-to-adopt', series, index);
  await expect.poll(opened).toBe(row);
});
