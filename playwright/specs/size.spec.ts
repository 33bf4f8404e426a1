import { expect, test } from '@playwright/test';
import { ScenarioPage } from '../pages/scenario';

const tooLarge = 'users=200000&events=400';

for (const path of ['', 'scenario/', 'models/']) {
  test(`a scenario that does not fit is refused before it starts, on /${path}`, async ({ page }) => {
    const flow = new ScenarioPage(page);
    await page.goto(`${path}?${tooLarge}`);
    const refused = page.getByTestId('run-refused');
    await expect(refused).toContainText('Too large for this tab');
    await expect(refused).toContainText('It was not started');
    const status = await flow.status();
    expect(status.phase).toBe('refused');
    expect(status.stages.every((stage) => stage.state === 'waiting')).toBe(true);
    await expect(page.evaluate(() => window.metricflow.ready)).rejects.toThrow(/Too large for this tab/);
    flow.expectClean();
  });
}

for (const path of ['', 'churn/', 'models/', 'lineage/', 'quality/', 'cards/', 'truth/']) {
  test(`/${path} waits for no run that was refused`, async ({ page }) => {
    const flow = new ScenarioPage(page);
    await page.goto(`${path}?${tooLarge}`);
    await expect(page.locator('.page-sentence')).toContainText('Nothing was built: the scenario is too large for this tab');
    await expect(page.locator('main')).not.toContainText(/is training|trains? once|in progress|run once/);
    flow.expectClean();
  });
}

test('one click takes the largest scenario that fits', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await page.goto(`?${tooLarge}&theme=dark`);
  const button = page.getByTestId('use-largest');
  const users = Number(/Use ([\d,]+) users/.exec(await button.innerText())![1].replaceAll(',', ''));
  await button.click();
  await expect(page).toHaveURL(new RegExp(`\\?users=${users}&events=400&theme=dark$`));
  await expect(page.getByTestId('run-refused')).toHaveCount(0);
  await expect.poll(async () => (await flow.status()).phase).toBe('running');
  // It is begun; whether all of it fits is measured by benches/memory.mjs.
  await page.getByTestId('cancel-run').click();
  await expect.poll(async () => (await flow.status()).phase).toBe('cancelled');
});

test('a refused scenario leaves the dataset before, drawn and in the warehouse', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  const before = await flow.fingerprint();
  await expect(flow.run(tooLarge)).rejects.toThrow(/Too large for this tab/);
  await expect(page.getByTestId('run-refused')).toContainText('last complete result');
  expect(await flow.fingerprint()).toBe(before);
  expect(await flow.query('select count(*) as n from raw.users')).toEqual([{ n: 500 }]);
  await flow.run('preset=tiny&seed=9');
  expect((await flow.status()).phase).toBe('ready');
  flow.expectClean();
});

test('a small device takes less', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 1 }));
  await page.goto('?preset=full');
  await expect(page.getByTestId('run-refused')).toContainText('Up to 0.7 GB can be used');
  await page.goto('?preset=tiny');
  await page.waitForFunction(() => window.metricflow);
  await page.evaluate(() => window.metricflow.ready);
});
