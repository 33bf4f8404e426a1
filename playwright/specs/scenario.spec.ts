import { expect, test as fresh } from '@playwright/test';
import { ScenarioPage } from '../pages/scenario';
import { test } from '../pages/test';

test('a changed value writes the URL, runs again and changes the data', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  await expect(flow.chip).toContainText('Tiny');
  const before = await flow.fingerprint();
  await flow.field('churn').fill('9');
  await flow.field('churn').press('Enter');
  await expect(page).toHaveURL(/\?preset=tiny&churn=9$/);
  await flow.ready();
  expect(await flow.fingerprint()).not.toBe(before);
  await page.goBack();
  await expect(page).toHaveURL(/\?preset=tiny$/);
  await expect.poll(() => flow.fingerprint()).toBe(before);
  flow.expectClean();
});

test('a change that leaves events alone keeps them', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  const states = () =>
    page.evaluate(() => Object.fromEntries((window.metricflow as any).models().map((model: any) => [model.name, model.state])));
  expect((await states()).stg_sessions).toBe('built');
  await flow.run('preset=tiny&refund=9');
  const after = await states();
  expect(after.stg_sessions).toBe('kept');
  expect(after.stg_payments).toBe('built');
});

test('a partial run gives what a whole run gives', async ({ page }) => {
  const flow = new ScenarioPage(page);
  const query = 'preset=tiny&refund=9&cost_search=9';
  await flow.openScenario(query);
  const whole = await flow.fingerprint();
  await flow.openScenario('preset=tiny');
  await flow.run(query);
  expect(await flow.fingerprint()).toBe(whole);
  expect(await flow.query('select count(*) as n from truth.channel_effects')).toEqual([{ n: 8 }]);
});

test('choosing a preset runs it', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny&seed=5');
  await flow.preset('tiny').click();
  await flow.ready();
  await expect(flow.chip).toContainText('seed 42');
});

test('a newer change overtakes the run before it, and no stale result is drawn', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  const last = await page.evaluate(async () => {
    const overtaken = window.metricflow.run('preset=tiny&seed=101').then(
      () => 'finished',
      (error: Error) => error.message,
    );
    const chosen = window.metricflow.run('preset=tiny&seed=102');
    await chosen;
    return { overtaken: await overtaken, scenario: window.metricflow.scenario(), seed: await window.metricflow.query("select text from truth.parameters where key = 'seed'") };
  });
  expect(last.scenario).toBe('preset=tiny&seed=102');
  expect(last.seed).toEqual([{ text: '102' }]);
  flow.expectClean();
});

test('a run can be cancelled and repeated', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  const drawn = await flow.fingerprint();
  const outcome = page.evaluate(() =>
    window.metricflow.run('preset=demo&users=5000').then(
      () => 'finished',
      (error: Error) => error.message,
    ),
  );
  await page.getByTestId('cancel').click();
  expect(await outcome).toBe('the run was cancelled');
  expect(await flow.fingerprint()).toBe(drawn);
  // The warehouse, too, is the one that was drawn: raw rows and models of the scenario before.
  const still = await page.evaluate(() =>
    window.metricflow.query('select (select count(*) from raw.users) as users, (select count(*) from marts.dim_users) as modelled'),
  );
  expect(still).toEqual([{ users: 500, modelled: 500 }]);
  await page.evaluate(() => window.metricflow.run('preset=tiny&seed=9'));
  expect((await flow.status()).phase).toBe('ready');
});

fresh('a dead warehouse is told and replaced by one click', async ({ page }) => {
  const flow = new ScenarioPage(page);
  // Remembers the page's workers, so that the test can end one behind its back.
  await page.addInitScript(() => {
    const workers: Worker[] = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push(this);
      }
    };
    Object.assign(window, { workers });
  });
  await flow.openScenario('preset=tiny');
  const before = await flow.fingerprint();
  await page.evaluate(() => {
    for (const worker of (window as any).workers) worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  });
  await page.evaluate(() => window.metricflow.run('preset=tiny&seed=77').catch(() => undefined));
  await page.getByTestId('restart').click();
  await flow.ready();
  expect((await flow.status()).phase).toBe('ready');
  expect(await flow.fingerprint()).not.toBe(before);
});

test('only reading statements pass', async ({ page }) => {
  const flow = new ScenarioPage(page);
  await flow.openScenario('preset=tiny');
  for (const sql of ['drop table raw.users', 'select 1; delete from raw.users', "copy raw.users to 'x.csv'"]) {
    await expect(flow.query(sql), sql).rejects.toThrow(/only a single statement that reads/);
  }
  await expect(flow.query('select no_such_column from raw.users')).rejects.toThrow(/no_such_column/);
  expect(await flow.query('select 1 as one')).toEqual([{ one: 1 }]);
});
