import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

/** The days from one to another, both included. */
const count = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;

/** Rows by the range they are of. */
function byRange(rows: Record<string, string>[]): Map<string, Record<string, string>[]> {
  const found = new Map<string, Record<string, string>[]>();
  for (const row of rows) found.set(row.range, [...(found.get(row.range) ?? []), row]);
  return found;
}

const sum = (rows: Record<string, string>[], column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);

/** Series that mark a place that is not over, or columns that do. */
async function marksOfRunning(page: DashboardPage, id: string): Promise<number> {
  const series = await page.seriesData(id);
  const dashed = series.filter(({ name }) => name === 'Not over yet').length;
  const pale = series.filter(({ type, data }) => type === 'bar' && data.some((item) => item?.itemStyle?.borderType === 'dashed')).length;
  return dashed + pale;
}

test('a range that ends within a month is compared with as many days, in every figure', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny&as_of=2025-12-15&range=3m&compare=previous');
  const [now, before] = ['2025-10-01 to 2025-12-15', '2025-07-17 to 2025-09-30'];
  expect(count('2025-10-01', '2025-12-15')).toBe(76);
  expect(count('2025-07-17', '2025-09-30')).toBe(76);
  await expect(page.getByTestId('chip-compare')).toContainText('17 Jul 2025 – 30 Sep 2025, the 76 days before');

  // Signups, counted here from the users themselves.
  const [counted] = await growth.query(`
    select
      count(*) filter (where signup_date between date '2025-10-01' and date '2025-12-15') as now,
      count(*) filter (where signup_date between date '2025-07-17' and date '2025-09-30') as before
    from marts.dim_users`);
  await expect(growth.answer('signups')).toContainText('on the 76 days before');
  const signups = byRange(await growth.csv('signups'));
  expect([...signups.keys()]).toEqual([before, now]);
  expect(sum(signups.get(now) ?? [], 'signups')).toBe(Number(counted.now));
  expect(sum(signups.get(before) ?? [], 'signups')).toBe(Number(counted.before));
  const change = (Number(counted.now) / Number(counted.before) - 1) * 100;
  const answer = (await growth.answer('signups').textContent())?.replace(/\u202f/g, ' ') ?? '';
  const told = answer.match(/([+−])(\d+)(\.\d)? ?% on the 76 days before/) ?? [];
  const [, sign, whole, tenths] = told;
  const rounding = tenths === undefined ? 0.5 : 0.05;
  expect(Math.abs(Number(`${sign === '−' ? '-' : ''}${whole}${tenths ?? ''}`) - change), answer).toBeLessThanOrEqual(rounding);

  // Days against days, one by one.
  const days = byRange(await growth.csv('active-users'));
  for (const range of [now, before]) expect(days.get(range)?.length, range).toBe(76);
  expect(days.get(before)?.at(-1)?.date_day).toBe('2025-09-30');

  // Movements of whole months against whole months; the state of MRR against that at the end of the period before.
  const moved = await growth.csv('movements');
  expect(moved.map((row) => [row.range.slice(0, 10), row.date_month, row.is_complete])).toEqual([
    ['2025-07-01', '2025-07-01', 'true'],
    ['2025-07-01', '2025-08-01', 'true'],
    ['2025-10-01', '2025-10-01', 'true'],
    ['2025-10-01', '2025-11-01', 'true'],
    ['2025-10-01', '2025-12-01', 'false'],
  ]);
  await expect(growth.panel('movements')).toContainText('Jul 2025 to Aug 2025; only whole months are compared');
  await expect(growth.answer('movements')).toContainText('From Oct 2025 to Nov 2025');
  await expect(growth.answer('mrr')).toContainText('on 15 December 2025');
  await expect(growth.answer('mrr')).toContainText('since 30 Sep 2025');
  await expect(page.getByTestId('kpi-mrr')).toContainText('since 30 Sep 2025');
  for (const id of ['signups', 'quick-ratio', 'ltv-to-cac']) {
    await expect(page.getByTestId(`kpi-${id}`).locator('.delta'), id).toHaveText('');
  }
  await expect(page.getByTestId('kpi-signups')).toContainText('so far');
  // Twelve months to the 15th of a month would be fewer: the last whole one stands.
  await expect(page.getByTestId('kpi-nrr').locator('.delta')).toHaveText('to 30 Nov 2025');
  const [{ nrr }] = await growth.query(`
    select nrr from advanced.revenue_retention where cohort = 'all' and segment_type = 'all' and date_month = date '2025-11-01'`);
  expect(Number(await page.getByTestId('kpi-nrr').locator('.figure').getAttribute('data-value'))).toBeCloseTo(Number(nrr), 9);

  // The same weekdays: eleven weeks before.
  await page.getByTestId('filter-same-weekdays').click();
  await expect(page).toHaveURL(/compare=weekdays/);
  await expect(page.getByTestId('chip-compare')).toContainText('16 Jul 2025 – 29 Sep 2025, the same weekdays 11 weeks earlier');
  await growth.settled('active-users');
  const weekdays = byRange(await growth.csv('active-users'));
  const [earlier, later] = ['2025-07-16 to 2025-09-29', now].map((range) => weekdays.get(range) ?? []);
  expect(earlier).toHaveLength(76);
  const weekday = (row: Record<string, string>) => new Date(`${row.date_day}T00:00Z`).getUTCDay();
  expect(earlier.map(weekday)).toEqual(later.map(weekday));
});

test('at the end of a month, also on 29 February, nothing runs and days are still equal', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny&as_of=2024-02-29&range=3m&compare=previous');
  await expect(page.getByTestId('chip-compare')).toContainText('1 Sep 2023 – 30 Nov 2023, the 91 days before');
  await growth.settled('movements');
  const moved = await growth.csv('movements');
  expect(moved.map((row) => row.is_complete)).toEqual(Array(6).fill('true'));
  await expect(growth.answer('mrr')).toContainText('at the end of February 2024');
  await expect(page.getByTestId('dashboard')).not.toContainText('is not complete');
  await expect(page.getByTestId('dashboard')).not.toContainText('so far');
  expect(await marksOfRunning(growth, 'movements')).toBe(0);
  // A day earlier, February runs.
  await growth.openWith('preset=tiny&as_of=2024-02-28&range=3m');
  await expect(growth.panel('movements')).toContainText('February 2024 is not complete; its figures are as of 28 Feb 2024');
  expect(await marksOfRunning(growth, 'movements')).toBe(6);
});

test('a month under way is marked, worded as so far, and left out of claims on every page', async ({ page }) => {
  const wrong = /(end of|(?<!so far )in) December 2025/i;
  const pages: [string, string[], string[]][] = [
    ['revenue/', ['revenue-plans', 'revenue-retention', 'quick-ratio', 'refunds'], ['waterfall']],
    ['', ['mrr', 'movements'], []],
    ['retention/', ['lifecycle'], []],
    ['adoption/', ['stickiness'], []],
  ];
  for (const [route, timelines, others] of pages) {
    const dashboard = new DashboardPage(page, route);
    await dashboard.openWith('preset=tiny&as_of=2025-12-04');
    for (const id of [...timelines, ...others]) {
      await dashboard.settled(id);
      await expect(dashboard.panel(id), id).toContainText('December 2025 is not complete; its figures are as of 4 Dec 2025');
      expect(await dashboard.answer(id).textContent(), id).not.toMatch(wrong);
      const rows = await dashboard.csv(id);
      const running = rows.filter((row) => row.date_month === '2025-12-01');
      expect(running.length, id).toBeGreaterThan(0);
      for (const row of rows) expect(row.is_complete, `${id} ${row.date_month}`).toBe(String(row.date_month < '2025-12-01'));
    }
    const [december] = await dashboard.query(`
      select sum(abs(contraction_mrr_cents) + abs(churn_mrr_cents)) as lost
      from marts.fct_mrr_waterfall where segment_type = 'all' and date_month = date '2025-12-01'`);
    for (const id of timelines) {
      // Where nothing was lost so far there is no ratio, and so no mark.
      if (id === 'quick-ratio' && Number(december.lost) === 0) continue;
      expect(await marksOfRunning(dashboard, id), id).toBeGreaterThan(0);
    }
    await expect(page.getByTestId('page-sentence')).not.toContainText('end of December');
  }
  const revenue = new DashboardPage(page, 'revenue/');
  await revenue.openWith('preset=tiny&as_of=2025-12-04');
  await expect(page.getByTestId('page-sentence')).toContainText('on 4 December 2025');
  // Eleven whole months, as the waterfall of the mart has them.
  const [won] = await revenue.query(`
    select
      sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents) / sum(abs(contraction_mrr_cents) + abs(churn_mrr_cents)) as ratio
    from marts.fct_mrr_waterfall
    where segment_type = 'all' and date_month between date '2025-01-01' and date '2025-11-01'`);
  await expect(revenue.answer('quick-ratio')).toContainText(`From Jan 2025 to Nov 2025, $${Number(won.ratio).toFixed(2)} was gained`);
});

/** Shares of a line's stretch, the last one or so many before it, that are drawn in the line's colour, and in the paper's. */
async function inked(page: DashboardPage, id: string, name: string, back: number): Promise<{ line: number; paper: number }> {
  await page.settled(id);
  const chart = page.panel(id).locator('.chart');
  await expect(chart).toHaveAttribute('data-drawn', 'true');
  return chart.evaluate(async (element, [name, back]) => {
    const instance = (window as any).echarts.getInstanceByDom(element);
    // A line grows from the left for a moment; on a busy machine, that lasts.
    while (!instance.getZr().animation.isFinished()) await new Promise(requestAnimationFrame);
    instance.getZr().flush();
    const { series } = instance.getOption();
    const at = series.findIndex((one: any) => one.name === name);
    const last = series[at].data.length - 1;
    const value = (place: number) => {
      const below = series.slice(0, at).filter((one: any) => one.stack && one.stack === series[at].stack);
      return [...below, series[at]].reduce((sum: number, one: any) => sum + (one.data[place]?.value ?? one.data[place]), 0);
    };
    const end = last - back;
    const [from, to] = [end - 1, end].map((place) => instance.convertToPixel({ seriesIndex: at }, [place, value(place)]));
    const canvas = element.querySelector('canvas') as HTMLCanvasElement;
    const scale = canvas.width / element.clientWidth;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const channels = (colour: string) => (colour.match(/\w\w/g) ?? []).map((part) => parseInt(part, 16));
    const paper = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!.map(Number);
    const is = (pixel: Uint8ClampedArray, colour: number[], tolerance = 40) => {
      // What is transparent shows the page.
      const seen = [0, 1, 2].map((channel) => (pixel[channel] * pixel[3] + paper[channel] * (255 - pixel[3])) / 255);
      return seen.every((part, channel) => Math.abs(part - colour[channel]) < tolerance);
    };
    const found = { line: 0, paper: 0 };
    const steps = 200;
    // The ends carry symbols.
    for (let step = steps * 0.15; step < steps * 0.85; step += 1) {
      const [x, y] = [0, 1].map((axis) => Math.floor((from[axis] + ((to[axis] - from[axis]) * step) / steps) * scale));
      // A level line may lie a pixel above or below, or on two of them, and is paler then.
      const pixels = [y - 1, y, y + 1].map((y) => context.getImageData(x, y, 1, 1).data);
      if (pixels.some((pixel) => is(pixel, channels(series[at].lineStyle.color), 80))) found.line += 1 / (steps * 0.7);
      else if (pixels.some((pixel) => is(pixel, paper))) found.paper += 1 / (steps * 0.7);
    }
    return found;
  }, [name, back] as [string, number]);
}

test('a line is drawn whole up to the last month that is over, and with gaps after it', async ({ page }) => {
  const revenue = new DashboardPage(page, 'revenue/');
  for (const theme of ['light', 'dark']) {
    await revenue.openWith(`preset=tiny&as_of=2025-12-14&notes=hidden&theme=${theme}`);
    for (const [id, name] of [['revenue-plans', 'Starter'], ['revenue-plans', 'Enterprise'], ['revenue-retention', 'Net'], ['revenue-retention', 'Gross']] as const) {
      const running = await inked(revenue, id, name, 0);
      expect(running.line, `${theme} ${id} ${name}`).toBeGreaterThan(0.2);
      expect(running.paper, `${theme} ${id} ${name}`).toBeGreaterThan(0.2);
      const before = await inked(revenue, id, name, 1);
      expect(before.line, `${theme} ${id} ${name}`).toBeGreaterThan(0.6);
      expect(before.paper, `${theme} ${id} ${name}`).toBeLessThan(0.1);
    }
  }
});

test('cells of cohorts observed in part are pale, and left out of the mean', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny&as_of=2025-12-04');
  const cells = await retention.csv('cohorts');
  const cohorts = cells.filter((row) => row.cohort_date !== '');
  // Signups of December go on.
  const december = cohorts.filter((row) => row.cohort_date === '2025-12-01');
  expect(december.map((row) => row.is_complete)).toEqual(december.map(() => 'false'));
  for (const row of cohorts) {
    if (row.eligible !== row.cohort_size) expect(row.is_complete, `${row.cohort_date} ${row.period}`).toBe('false');
  }
  for (const row of cells) expect(row.kind, row.cohort_date).toBe(row.cohort_date === '' ? 'all cohorts' : 'cohort');
  for (const mean of cells.filter((row) => row.cohort_date === '')) {
    const whole = cohorts.filter((row) => row.period === mean.period && row.is_complete === 'true');
    expect(Number(mean.retained), mean.period).toBe(sum(whole, 'retained'));
    expect(Number(mean.eligible), mean.period).toBe(sum(whole, 'eligible'));
  }
  // Of revenue cohorts, the last month of each is December, and so not over.
  const paid = await retention.csv('revenue-cohorts');
  const last = paid.filter((row) => row.cohort_date !== '' && monthAfter(row.cohort_date, Number(row.month_number)) === '2025-12');
  expect(last.length).toBeGreaterThan(5);
  for (const row of last) expect(row.is_complete, row.cohort_date).toBe('false');
  const before = paid.filter((row) => row.cohort_date !== '' && monthAfter(row.cohort_date, Number(row.month_number)) < '2025-12');
  for (const row of before) expect(row.is_complete, row.cohort_date).toBe('true');

  const shades = await retention.panel('cohorts').locator('.chart').evaluate((element) => {
    const chart = (window as any).echarts.getInstanceByDom(element);
    const { visualMap } = chart.getOption();
    const alpha = (colour: string) => Number(/([\d.]+)\)$/.exec(colour)?.[1] ?? 1);
    return visualMap.map((map: any) => Math.max(...map.inRange.color.map(alpha)));
  });
  expect(shades[1]).toBeLessThan(shades[0] / 2);
  await expect(retention.panel('cohorts')).toContainText('Pale, dashed cells');
});

/** The month, as 2025-12, some months after a date. */
function monthAfter(date: string, months: number): string {
  const [year, month] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}
