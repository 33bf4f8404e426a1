import { expect } from '@playwright/test';
import { DashboardPage, expectedFingerprint, expectedPanels } from '../pages/dashboard';
import { test } from '../pages/test';

const charts = ['funnel', 'funnel-segments', 'time-to-convert', 'activation', 'paths', 'attribution', 'experiment'];
const panels = [...charts, 'dropped'];
const keys: Record<string, string[]> = {
  funnel: ['segment_value', 'step_number'],
  'funnel-segments': ['segment_value', 'step_number'],
  activation: ['channel'],
  attribution: ['channel', 'attribution_model'],
  experiment: ['segment_value'],
};

test('every panel is drawn at Demo, with an answer in words', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith();
  await expect(page.getByTestId('page-sentence')).toContainText(/went through all steps to a payment within 60 days so far/);
  for (const id of charts) expect(await funnel.hasMarks(id), id).toBe(true);
  for (const id of panels) await expect(funnel.answer(id)).toHaveText(/\d.*\./);
  await expect(funnel.panel('dropped').locator('tbody tr')).toHaveCount(10);
  funnel.expectClean();
});

test('panels show what the models hold, for everyone and for a choice of users', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  const expected = expectedPanels('tiny', 'funnel');
  let compared = 0;
  for (const link of new Set(expected.map((row) => row.link))) {
    if (compared === 0) await funnel.openWith(`preset=tiny&${link}`);
    else await funnel.goTo(`preset=tiny&${link}`);
    expect(await funnel.fingerprint(), 'native and tab start from the same rows').toBe(expectedFingerprint('tiny'));
    const ofLink = expected.filter((row) => row.link === link);
    for (const id of new Set(ofLink.map((row) => row.panel))) {
      compared += await funnel.expectFigures(id, ofLink.filter((row) => row.panel === id), keys[id]);
    }
  }
  expect(compared).toBeGreaterThan(100);
});

test('the rows behind a mark are as many as it shows', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  const behind: [string, string, string][] = [
    ['funnel', 'connected.dropped', ''],
    ['funnel', 'reported.reached', 'window=14&country=US'],
    ['funnel', 'connected.open', ''],
    ['funnel-segments', '1-10.paid', 'by=size'],
    ['time-to-convert', 'connected.5', ''],
    ['dropped', 'paid.everyone', 'step=paid'],
    ['activation', 'direct', 'size=1-10'],
    ['paths', '4.activated.5.paid', ''],
    ['paths', '1.nothing.4.not_activated', ''],
    ['attribution', 'referral.linear', ''],
    ['experiment', 'all', ''],
  ];
  await funnel.openWith('preset=tiny&range=all');
  for (const [id, mark, query] of behind) {
    const value = await funnel.expectRows(id, mark, ['preset=tiny&range=all', query].filter(Boolean).join('&'));
    expect(value, `${id} ${mark}`).toBeGreaterThan(0);
  }
});

test('a click on a channel filters the page, a second one shows its rows, the chip clears it', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&range=all');
  for (const id of panels) await funnel.settled(id);
  const everyone = await Promise.all(panels.map((id) => funnel.answer(id).textContent()));
  const [best] = await funnel.csv('activation');
  const canvas = funnel.panel('activation').locator('canvas').first();
  const box = await canvas.boundingBox();
  const first = { x: (box?.width ?? 0) * 0.5, y: (box?.height ?? 0) * 0.08 };
  await canvas.click({ position: first });
  const chip = page.getByTestId(`chip-channel-${best.channel}`);
  await expect(chip).toBeVisible();
  await expect(funnel.answer('funnel')).not.toHaveText(everyone[0] ?? '');
  for (const id of panels) await funnel.settled(id);
  const box2 = await canvas.boundingBox();
  await canvas.click({ position: { x: (box2?.width ?? 0) * 0.5, y: (box2?.height ?? 0) * 0.5 } });
  const told = page.getByTestId('rows-told');
  await expect(told).toBeVisible();
  expect(await told.getAttribute('data-total')).toBe(best.activated);
  await page.keyboard.press('Escape');
  await chip.click();
  await expect(funnel.answer('funnel')).toHaveText(everyone[0] ?? '');
});

test('truth stays hidden until it is asked for', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&range=all');
  const hidden = await funnel.csv('attribution');
  expect(Object.keys(hidden[0])).not.toContain('true_share');
  await page.getByTestId('filter-truth').click();
  await expect(funnel.answer('attribution')).toContainText('truly added');
  await expect(funnel.answer('experiment')).toContainText('planted');
  const shown = await funnel.csv('attribution');
  const planted = await funnel.query('select channel, uplift from truth.channel_effects');
  for (const { channel, uplift } of planted) {
    const row = shown.find((credit) => credit.channel === channel);
    expect(Number(row?.true_uplift), channel).toBeCloseTo(uplift, 9);
  }
});

test('a choice changes the page and its link, and a reload gives the same text', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&range=all');
  await funnel.settled('funnel');
  const usual = await funnel.answer('funnel').textContent();
  await funnel.choice('window', '7').click();
  await expect(funnel.answer('funnel')).not.toHaveText(usual ?? '');
  await funnel.choice('step', 'paid').click();
  await funnel.choice('by', 'plan').click();
  expect(new URL(page.url()).search).toBe('?preset=tiny&range=all&window=7&step=paid&by=plan');
  const texts = async () => {
    for (const id of panels) await funnel.settled(id);
    return page.getByTestId('dashboard').innerText();
  };
  const before = await texts();
  await page.reload();
  await funnel.ready();
  expect(await texts()).toBe(before);
});

test('the table holds what is exported', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&table=activation,funnel');
  for (const id of ['activation', 'funnel']) {
    const rows = await funnel.csv(id);
    await expect(funnel.panel(id).locator('tbody tr')).toHaveCount(rows.length);
  }
  const [first] = await funnel.csv('activation');
  const cells = funnel.panel('activation').locator('tbody tr').first().locator('td');
  await expect(cells.nth(1)).toHaveText(Number(first.eligible).toLocaleString('en-US'));
});

test('a choice that means nobody is told on every panel', async ({ page }) => {
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny&from=2025-06-01&to=2025-06-01&plan=enterprise&country=SE&segment=power');
  await expect(page.getByTestId('page-sentence')).toHaveText('No one signed up in this range.');
  for (const id of panels) {
    await expect(funnel.panel(id), id).toHaveAttribute('data-state', 'empty');
    await expect(funnel.panel(id), id).toContainText('No data for this scenario and these filters');
  }
  funnel.expectClean();
});
