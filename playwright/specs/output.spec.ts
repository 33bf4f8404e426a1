import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';
import { WorkbenchPage } from '../pages/workbench';
import { rowsOfCsv } from '../pages/dashboard';

async function saved(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('rows-csv').click()]);
  return readFileSync(await download.path(), 'utf8');
}

test('every type of the engine leaves the page as what it is', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('models/?preset=tiny');
  const [row] = await flow.query("select interval 2 year as i, time '10:00' as t, {'a': 1} as s, [1, 2] as l");
  expect(row).toEqual({ i: '2 years', t: '10:00:00', s: { a: 1 }, l: [1, 2] });

  // The engine's own text is the oracle; BIT and TIMETZ look like other types in Arrow.
  const rows = await flow.query('select * from test_all_types()');
  const texts = await flow.query('select columns(*)::varchar from test_all_types()');
  expect(rows.length).toBe(3);
  for (const [place, row] of rows.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const text = texts[place][name];
      expect(value === null, `${name} in row ${place}`).toBe(text === null);
      if (typeof value === 'string' && !/timestamp|float|double/.test(name)) expect(value, name).toBe(text);
      expect(JSON.stringify(value), name).not.toMatch(/"<[A-Z]\w+/);
    }
  }
  expect(rows[1].time_tz).toBe(texts[1].time_tz);
  expect(rows[1].bit).toBe('10101');
  flow.expectClean();
});

test('a table of rows holds every type, and its file all rows', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&model=fct_signups&tab=sql');
  await flow.write(
    "select i as id, '1-10' as size, '=1+1' as formula, cast(i / 225.0 as double) as rate, time '10:00' as t, [1, 2] as l, timestamp '2025-06-01 10:15:30' + to_seconds(i) as moment from range(250) as numbers(i)",
  );
  await flow.runEdit();
  await page.getByTestId('tab-rows').click();
  const shown = page.getByTestId('rows-fct_signups');
  await expect(shown.locator('tbody tr')).toHaveCount(100);
  const second = shown.locator('tbody tr').nth(1);
  await expect(second).toContainText('2025-06-01 10:15:31');
  await expect(second).toContainText('10:00:00');
  await expect(second).toContainText('[1, 2]');
  const text = await saved(page);
  expect(text.charCodeAt(0)).toBe(0xfeff);
  await expect(page.getByTestId('rows-csv-outcome')).toContainText('Saved all 250 rows.');
  const lines = text.trimEnd().split('\r\n');
  expect(lines.length).toBe(251);
  expect(lines[0]).toBe('\uFEFFid,size,formula,rate,t,l,moment');
  expect(lines[2]).toBe(`1,'1-10,'=1+1,0.00444444444444444,10:00:00,"[1, 2]",2025-06-01 10:15:31`);
  const moments = new Set(rowsOfCsv(text).map(({ moment }) => moment));
  expect(moments.size).toBe(250);
});

test('moments of a model are shown with their time', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&model=stg_events&tab=rows');
  const events = await flow.count('staging.stg_events');
  const text = await saved(page);
  await expect(page.getByTestId('rows-csv-outcome')).toContainText('Saved all');
  const rows = rowsOfCsv(text);
  expect(rows.length).toBe(events);
  expect(Object.values(rows[0]).some((cell) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(cell))).toBe(true);
});

test('a value of the link that cannot be used is told, with what is used', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  const told = async (path: string) => {
    await flow.open(path);
    return page.getByTestId('notices').getByRole('listitem').allInnerTexts();
  };
  expect(await told('?preset=TINY&from=2025-12-01&to=2025-01-01&plan=starter,nope&theme=purple&panel=zzz')).toEqual([
    'plan = “nope” is not one of free, starter, professional, enterprise; shown now: starter.',
    'from = 2025-12-01 is later than to = 2025-01-01; shown now: the last 12 months.',
    'theme = “purple” is not one of light, dark; shown now: the theme chosen before or the system’s.',
    'panel = “zzz” is not a panel of this page; shown now: the page itself.',
  ]);
  expect(await page.evaluate(() => window.metricflow.scenario())).toBe('preset=tiny');
  expect(await told('models/?preset=tiny&model=fct_nothing&tab=zzz')).toEqual([
    'model = “fct_nothing” is not a name of this project; shown now: the list of models.',
    'tab = “zzz” is not one of columns, sql, compiled, rows, tests; shown now: columns.',
  ]);
});

test('what was chosen on one page stays there; scenario and filters go along', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('retention/?preset=tiny&plan=starter&grain=week&theme=dark');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Funnel diagnostics' }).click();
  await expect(page).toHaveURL(/\/funnel\/\?/);
  const keys = [...new URL(page.url()).searchParams.keys()].sort();
  expect(keys).toEqual(['plan', 'preset', 'theme']);
  await expect(page.getByTestId('notices')).toHaveCount(0);
});
