import { expect } from '@playwright/test';
import { DashboardPage, expectedFingerprint, expectedPanels } from '../pages/dashboard';
import { test } from '../pages/test';

const panels = ['cohorts', 'retention-curves', 'survival', 'lifecycle', 'revenue-cohorts'];
const keys: Record<string, string[]> = {
  cohorts: ['cohort_date', 'period'],
  survival: ['first_plan', 'month_number'],
  lifecycle: ['date_month'],
  'revenue-cohorts': ['cohort_date', 'month_number'],
};

test('every panel is drawn at Demo, with an answer in words', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith();
  await expect(page.getByTestId('page-sentence')).toContainText('of new users come back in month 1');
  for (const id of panels) {
    expect(await retention.hasMarks(id), id).toBe(true);
    await expect(retention.answer(id)).toHaveText(/\d.*\./);
  }
  retention.expectClean();
});

test('panels show what the models hold, for everyone and for a choice of users', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  const expected = expectedPanels('tiny', 'retention');
  let compared = 0;
  for (const link of new Set(expected.map((row) => row.link))) {
    if (compared === 0) await retention.openWith(`preset=tiny&${link}`);
    else await retention.goTo(`preset=tiny&${link}`);
    expect(await retention.fingerprint(), 'native and tab start from the same rows').toBe(expectedFingerprint('tiny'));
    const ofLink = expected.filter((row) => row.link === link);
    for (const id of new Set(ofLink.map((row) => row.panel))) {
      compared += await retention.expectFigures(id, ofLink.filter((row) => row.panel === id), keys[id]);
    }
  }
  expect(compared).toBeGreaterThan(500);
});

test('the rows behind a mark are as many as it shows', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  const behind: [string, string, string][] = [
    // Over the whole history cohorts are quarters.
    ['cohorts', '2025-01-01.1', ''],
    ['cohorts', '2025-04-01.2', 'mode=unbounded&channel=organic_search,direct,referral'],
    ['retention-curves', 'direct.1', ''],
    ['retention-curves', '1-10.2', 'by=size&mode=n-day'],
    ['lifecycle', '2025-12.dormant', 'channel=direct'],
    ['lifecycle', '2025-06.active', ''],
    ['revenue-cohorts', '2025-01.2', ''],
  ];
  await retention.openWith('preset=tiny&range=all');
  for (const [id, mark, query] of behind) {
    const value = await retention.expectRows(id, mark, ['preset=tiny&range=all', query].filter(Boolean).join('&'));
    expect(value, `${id} ${mark}`).toBeGreaterThan(0);
  }
});

test('a choice changes the page and its link, and a reload gives the same text', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny&range=all');
  await retention.settled('cohorts');
  const bracket = await retention.answer('cohorts').textContent();
  await retention.choice('mode', 'unbounded').click();
  await expect(retention.answer('cohorts')).not.toHaveText(bracket ?? '');
  await retention.choice('by', 'plan').click();
  await retention.choice('revenue', 'gross').click();
  expect(new URL(page.url()).search).toBe('?preset=tiny&range=all&mode=unbounded&by=plan&revenue=gross');
  const texts = async () => {
    for (const id of panels) await retention.settled(id);
    return page.getByTestId('dashboard').innerText();
  };
  const before = await texts();
  await page.reload();
  await retention.ready();
  expect(await texts()).toBe(before);
});

test('a filter acts on every panel, and its chip takes it away', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny&range=all');
  const answers = async () => {
    for (const id of panels) await retention.settled(id);
    return Promise.all(panels.map((id) => retention.answer(id).textContent()));
  };
  const everyone = await answers();
  await retention.openWith('preset=tiny&range=all&country=US');
  const some = await answers();
  panels.forEach((id, at) => expect(some[at], id).not.toBe(everyone[at]));
  await page.getByTestId('chip-country-US').click();
  await expect(retention.answer('lifecycle')).toHaveText(everyone[3] ?? '');
  expect(await answers()).toEqual(everyone);
});

test('the table holds what is exported', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny&table=lifecycle,cohorts');
  for (const id of ['lifecycle', 'cohorts']) {
    const rows = await retention.csv(id);
    const table = retention.panel(id).getByRole('table');
    await expect(table.locator('tbody tr')).toHaveCount(rows.length);
  }
  const last = (await retention.csv('lifecycle')).at(-1);
  const cells = retention.panel('lifecycle').locator('tbody tr').last().locator('td');
  await expect(cells.nth(4)).toHaveText(Number(last?.dormant).toLocaleString('en-US'));
});

test('a handful of people breaks no panel', async ({ page }) => {
  const retention = new DashboardPage(page, 'retention/');
  await retention.openWith('preset=tiny&range=all');
  // Plans whose last customer has left: their survival is 0, and has no logarithm.
  for (const query of ['country=US&size=51-200', 'country=DE', 'channel=partner']) {
    await retention.goTo(`preset=tiny&range=all&${query}`);
    for (const id of panels) {
      await expect(retention.panel(id), `${id} ${query}`).toHaveAttribute('data-pending', 'false');
      await expect(retention.panel(id), `${id} ${query}`).toHaveAttribute('data-state', /ready|empty/);
    }
  }
});
