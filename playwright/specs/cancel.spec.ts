import { expect, test as fresh } from '@playwright/test';
import { CancelPage, breaking, deaf, endless } from '../pages/cancel';
import { test } from '../pages/test';

const signups = 'models/?preset=tiny&model=fct_signups&tab=sql';

test('an endless edit is cancelled within half a second, and the dataset before stands', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested(signups);
  const before = await flow.standing();
  await flow.begin(endless);
  // The clock goes on although nothing is reported.
  const early = (await flow.status()).elapsed_ms;
  await page.waitForTimeout(2_000);
  const late = (await flow.status()).elapsed_ms;
  expect(late - early).toBeGreaterThan(1_500);
  await expect(page.getByTestId('progress-stage')).toHaveText('Models');
  await expect(page.getByTestId('progress')).toContainText(/model 1 of \d+/);
  // Other statements are answered meanwhile, from the dataset that is drawn.
  expect(await flow.standing()).toEqual(before);

  const took = await flow.clickUntil('cancel-run', ['cancelled']);
  expect(took).toBeLessThan(500);
  expect(await flow.standing()).toEqual(before);
  await expect(page.getByTestId('run-cancelled')).toContainText('fct_signups');
  // The text is kept, as one that was not run.
  await expect(flow.editor).toContainText('range(100000000)');
  await expect(flow.chip).toContainText('1 edit not run');
  flow.expectClean();
});

test('an edit that the engine is deaf in ends the engine, and the dataset before is built anew', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested(signups);
  const before = await flow.standing();
  await flow.begin(deaf);
  await page.waitForTimeout(1_500);
  const ended = await page.evaluate(async () => {
    const began = performance.now();
    document.querySelector<HTMLElement>('[data-testid="cancel-run"]')!.click();
    while (!(window.metricflow.status() as any).is_restoring) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (performance.now() - began > 20_000) throw new Error('the engine was not ended');
    }
    return performance.now() - began;
  });
  expect(ended).toBeLessThan(500);
  await expect(page.getByTestId('progress')).toContainText('Restoring the previous dataset');
  await expect(page.getByTestId('run-cancelled')).toContainText('fct_signups', { timeout: 60_000 });
  expect(await flow.standing()).toEqual(before);
  await expect(flow.editor).toContainText('unnest');
});

test('an edit is kept over a reload, and one that hung is not run again by itself', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested('models/?preset=tiny&model=fct_mrr&tab=sql');
  await flow.append('\n-- kept');
  await flow.runEdit();
  await page.goto(signups);
  await flow.tested();
  await expect(flow.chip).toContainText('1 edited model');
  const before = await flow.standing();
  await flow.begin(endless);
  // The page is left while the edit hangs.
  await page.reload();
  await flow.tested();
  expect(await flow.standing()).toEqual(before);
  await expect(flow.chip).toContainText('1 edited model, 1 edit not run');
  await expect(flow.editor).toContainText('range(100000000)');
  await expect(page.getByTestId('edit-words')).toContainText('Not run yet');
  // A link in another tab gives its own numbers.
  const other = new CancelPage(await page.context().newPage());
  await other.open('?preset=tiny');
  await expect(other.chip).toHaveCount(0);
  // Reset gives everything up.
  await page.getByTestId('reset-edits').click();
  await flow.tested();
  await expect(flow.chip).toHaveCount(0);
  await page.reload();
  await flow.tested();
  await expect(flow.chip).toHaveCount(0);
  await expect(flow.editor).toContainText('stg_users');
  flow.expectClean();
});

for (const [name, sql] of [
  ['endless', endless],
  ['deaf', deaf],
]) {
  test(`"Reset all" ends an ${name} edit and builds the project's own models`, async ({ page }) => {
    const flow = new CancelPage(page);
    await flow.openTested(signups);
    const before = await flow.standing();
    await flow.begin(sql);
    await page.waitForTimeout(500);
    await page.getByTestId('reset-edits').click();
    await flow.ready();
    expect((await flow.status()).phase).toBe('ready');
    expect(await flow.standing()).toEqual(before);
    await expect(flow.chip).toHaveCount(0);
  });
}

test('a run is cancelled from a dashboard, and what was drawn answers', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.open('revenue/?preset=tiny');
  const before = await flow.standing();
  const print = await flow.fingerprint();
  const outcome = page.evaluate(() =>
    window.metricflow.run('preset=demo&churn=9.3').then(
      () => 'finished',
      (error: Error) => error.message,
    ),
  );
  await expect.poll(async () => (await flow.status()).stages[1].done).toBeGreaterThan(0);
  const took = await flow.clickUntil('cancel-run', ['cancelled']);
  expect(await outcome).toBe('the run was cancelled');
  // Loading ends between two inserts, each of which is whole.
  expect(took).toBeLessThan(2_000);
  expect(await flow.standing()).toEqual(before);
  await expect(page.getByTestId('run-cancelled')).toContainText('last complete result');
  await page.getByRole('button', { name: 'Run again' }).waitFor();
  // The link goes back to the company that stands: what is read, shared and reloaded is the same.
  await expect(page).toHaveURL(/preset=tiny/);
  expect(page.url()).not.toContain('churn=9.3');
  await page.getByRole('link', { name: 'Executive growth' }).first().click();
  await expect(page.getByTestId('panel-movements')).toContainText('monthly churn, 4%');
  await expect(page.getByTestId('scenario-chip')).toContainText('Tiny');
  await expect(page.getByTestId('scenario-chip')).toContainText(print.slice(0, 6));
  expect((await flow.status()).phase).toBe('cancelled');
  // The cancelled one can be run after all.
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page).toHaveURL(/churn=9\.3/);
  await flow.clickUntil('cancel-run', ['cancelled']);
  await expect(page).toHaveURL(/preset=tiny/);
  expect(await flow.standing()).toEqual(before);
  flow.expectClean();
});

fresh('a first run is cancelled while the engine starts, and run again', async ({ page }) => {
  const flow = new CancelPage(page);
  // The engine comes slowly.
  await page.route('**/duckdb-eh*.wasm*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => undefined);
  });
  await page.goto('?preset=tiny');
  await expect(page.getByTestId('progress-stage')).toHaveText('Downloading the engine');
  expect(await flow.clickUntil('cancel-run', ['cancelled'])).toBeLessThan(500);
  await expect(page.getByTestId('run-cancelled')).toContainText('Cancelled before any data was ready.');
  await page.getByRole('button', { name: 'Run again' }).click();
  await flow.ready();
  expect((await flow.status()).phase).toBe('ready');
});

test('a query that can be asked to stop is cancelled at once, and the engine stays', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested('?preset=tiny');
  const before = await flow.standing();
  const outcome = page.evaluate(
    (sql) =>
      window.metricflow.query(sql).then(
        () => 'finished',
        (error: Error) => error.message,
      ),
    endless,
  );
  await expect(page.getByTestId('engine-busy')).toContainText('A query has been running');
  const pressed = Date.now();
  await page.getByTestId('cancel-query').click();
  expect(await outcome).toBe('cancelled');
  expect(Date.now() - pressed).toBeLessThan(1_000);
  // Nothing had to be built again.
  expect((await flow.status()) as any).toMatchObject({ phase: 'ready', is_restoring: false });
  await expect(page.getByTestId('engine-busy')).toHaveCount(0);
  expect(await flow.standing()).toEqual(before);
  flow.expectClean();
});

test('a query that cannot be asked to stop costs the engine, and the dataset is restored', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested('?preset=tiny');
  const before = await flow.standing();
  const outcome = page.evaluate(
    (sql) =>
      window.metricflow.query(sql).then(
        () => 'finished',
        (error: Error) => error.message,
      ),
    deaf,
  );
  await page.getByTestId('cancel-query').click();
  expect(await outcome).toContain('did not answer');
  await expect(page.getByTestId('progress')).toContainText('Restoring the previous dataset');
  await flow.ready();
  expect((await flow.status()).phase).toBe('ready');
  expect(await flow.standing()).toEqual(before);
});

test('an edit that breaks the engine is set aside, and the dataset before is built anew', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested(signups);
  const before = await flow.standing();
  await flow.write(breaking);
  await page.getByTestId('run-edit').click();
  await expect(page.getByTestId('run-failed')).toContainText('The edit of fct_signups was not applied', { timeout: 60_000 });
  expect(await flow.standing()).toEqual(before);
  await expect(flow.editor).toContainText('repeat');
});

test('a query that breaks the engine is told, and the dataset is built anew', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested('?preset=tiny');
  const before = await flow.standing();
  await expect(flow.query(breaking)).rejects.toThrow(/the warehouse stopped/);
  await expect.poll(async () => (await flow.status()).phase).toBe('running');
  await flow.ready();
  expect(await flow.standing()).toEqual(before);
});

test('an edit that makes a view endless can be left', async ({ page }) => {
  const flow = new CancelPage(page);
  await flow.openTested('models/?preset=tiny&model=stg_users&tab=sql');
  const before = await flow.standing();
  // The view is declared at once; whoever reads it never ends.
  await flow.begin(`select * from {{ source('raw', 'users') }} where (${endless}) > 0`);
  await page.waitForTimeout(1_000);
  expect(await flow.clickUntil('cancel-run', ['cancelled'])).toBeLessThan(500);
  expect(await flow.standing()).toEqual(before);
});
