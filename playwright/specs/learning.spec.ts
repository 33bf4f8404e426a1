import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as fresh, type Page } from '@playwright/test';
import { LearningPage, learnable, models, rememberWorkers } from '../pages/learning';
import { ScenarioPage } from '../pages/scenario';
import { test } from '../pages/test';
import { brightAndWide, darkAndNarrow } from '../pages/workbench';

test('every model reaches its card with the figures that were measured', async ({ page }) => {
  const flow = new LearningPage(page);
  const learned = await flow.openLearned(`cards/?${learnable}`);
  for (const model of models) {
    const { state, reason, card } = learned[model];
    expect(state, `${model}: ${reason}`).toBe('fitted');
    await expect(flow.card(model)).toHaveAttribute('data-state', 'fitted');
    for (const { key, value } of card!.scores) {
      expect(Number.isFinite(value), `${model} ${key}`).toBe(true);
      expect(await flow.score(model, key), `${model} ${key}`).toBe(value);
    }
    await expect(page.getByTestId(`headline-${model}`)).toContainText(/\d/);
    await expect(flow.card(model).locator('figure canvas').first()).toBeVisible();
  }
  await expect(flow.sentence).toContainText('The churn model ranks with an AUC of');

  // A score of the card is what its table says.
  const [{ coverage }] = await flow.query(`
    select avg(case when actual_cents between lower_cents and upper_cents then 1.0 else 0.0 end) as coverage
    from ml.ltv_predictions where is_holdout and actual_cents is not null`);
  expect(await flow.score('ltv', 'coverage')).toBeCloseTo(coverage, 2);
  flow.expectClean();
});

test('a card is downloaded with the score it shows', async ({ page }) => {
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  for (const model of models) {
    const waiting = page.waitForEvent('download');
    await page.getByTestId(`json-${model}`).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`model-card-${model}.json`);
    const card = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(card.model).toBe(model);
    for (const { key, value } of card.scores) expect(await flow.score(model, key)).toBe(value);
  }
});

test('the leakage lab takes the AUC to about 1 and back, and leaves the model as it was', async ({ page }) => {
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const [honest, tables] = [await flow.score('churn', 'auc'), await flow.tableHashes()];
  expect(honest).toBeLessThan(0.95);
  await expect(flow.leakage).not.toHaveAttribute('data-auc');

  const lever = page.getByRole('switch');
  await lever.click();
  await expect(lever).toHaveAttribute('aria-checked', 'true');
  await expect(flow.leakage).toHaveAttribute('data-auc', /./);
  expect(Number(await flow.leakage.getAttribute('data-auc'))).toBeGreaterThan(0.98);
  await expect(page.getByTestId('leakage-answer')).toContainText(`instead of ${honest.toFixed(3)}`);
  await expect(page.getByTestId('leakage-answer')).toContainText('the features already say who left');

  await lever.click();
  await expect(lever).toHaveAttribute('aria-checked', 'false');
  await expect(flow.leakage).not.toHaveAttribute('data-auc');
  expect(await flow.score('churn', 'auc')).toBe(honest);
  expect(await flow.tableHashes()).toEqual(tables);
  flow.expectClean();
});

test('other hyperparameters give another model, and the defaults the first one again', async ({ page }) => {
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const [first, tables] = [await flow.score('churn', 'auc'), await flow.tableHashes()];
  await flow.retrain('churn', 'trees', 3);
  expect(await flow.score('churn', 'auc')).not.toBe(first);
  expect((await flow.learned()).churn.card!.settings.trees).toBe(3);
  await expect(page.getByTestId('setting-churn-trees')).toHaveValue('3');
  const after = await flow.tableHashes();
  expect(after.churn_predictions).not.toBe(tables.churn_predictions);
  expect({ ...after, churn_predictions: '', churn_contributions: '' }).toEqual({ ...tables, churn_predictions: '', churn_contributions: '' });

  await page.getByTestId('retrain-churn').click();
  await expect(page.getByTestId('setting-churn-trees')).not.toHaveValue('3');
  expect(await flow.score('churn', 'auc')).toBe(first);
  expect(await flow.tableHashes()).toEqual(tables);
  flow.expectClean();
});

test('a training that is stopped leaves the fit before it, and the page usable', async ({ page }) => {
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const [first, tables] = [await flow.score('churn', 'auc'), await flow.tableHashes()];
  // Small steps, so that it grows long enough to be stopped.
  await page.getByTestId('setting-churn-learning_rate').fill('0.005');
  await page.getByTestId('setting-churn-trees').fill('2000');
  await page.getByTestId('train-churn').click();
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'running');
  await page.getByTestId('cancel-churn').click();
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'fitted');
  expect(await flow.score('churn', 'auc')).toBe(first);
  expect(await flow.tableHashes()).toEqual(tables);
  // Another model, in the worker that took the place of the one that was ended.
  await flow.retrain('forecast', 'weekly_order', 1);
  expect((await flow.learned()).forecast.card!.settings.weekly_order).toBe(1);
  flow.expectClean();
});

test('a first training that is stopped says so, the others go on, and it can be asked for again', async ({ page }) => {
  const flow = new LearningPage(page);
  await page.goto(`cards/?${learnable}`);
  await flow.ready();
  await page.getByTestId('cancel-forecast').click();
  await expect(flow.card('forecast')).toHaveAttribute('data-state', 'cancelled');
  await expect(flow.card('forecast')).toContainText('Its tables are empty');
  const learned = await flow.learned();
  expect(models.map((model) => learned[model].state)).toEqual(['fitted', 'fitted', 'fitted', 'fitted', 'cancelled']);
  expect(await flow.count('ml.user_forecast')).toBe(0);
  await page.getByTestId('retrain-forecast').click();
  await expect(flow.card('forecast')).toHaveAttribute('data-state', 'fitted');
  expect(await flow.count('ml.user_forecast')).toBeGreaterThan(1000);
  flow.expectClean();
});

fresh('what a cancelled run interrupted goes on: the dataset before is tested, and every model learns from it', async ({ page }) => {
  const scenario = new ScenarioPage(page);
  await scenario.openScenario(learnable);
  const outcome = page.evaluate(() => window.metricflow.run('preset=demo&users=5000').catch((error: Error) => error.message));
  await page.getByTestId('cancel').click();
  expect(await outcome).toBe('the run was cancelled');
  await page.getByRole('link', { name: 'Model cards' }).first().click();
  const flow = new LearningPage(page);
  for (const model of models) await expect(flow.card(model)).toHaveAttribute('data-state', 'fitted', { timeout: 90_000 });
  await expect(page.getByTestId('tests-summary')).toContainText('passed');
  expect(await flow.count('ml.user_forecast')).toBeGreaterThan(1000);
  flow.expectClean();
});

fresh('a worker that dies twice while it trains is told, and replaced by one click', async ({ page }) => {
  await rememberWorkers(page);
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const first = await flow.score('churn', 'auc');
  // One is replaced by itself; the model fails with the second. All in the page, since a quick machine trains in no time.
  await page.evaluate(async () => {
    document.querySelector<HTMLElement>('[data-testid="retrain-churn"]')!.click();
    const card = document.querySelector<HTMLElement>('[data-testid="card-churn"]')!;
    while (card.dataset.state !== 'running') await new Promise((resolve) => setTimeout(resolve, 1));
    const learning = () => (window as any).workers.filter((member: { name: string }) => member.name.includes('learning'));
    const die = () => learning().at(-1).worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
    const before = learning().length;
    die();
    while (learning().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    // Once it listens: before, its program would be taken for missing.
    await new Promise((resolve) => learning().at(-1).worker.addEventListener('message', resolve, { once: true }));
    die();
  });
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'failed');
  const alert = flow.card('churn').getByRole('alert');
  await expect(alert).toContainText('out of memory');
  await expect(alert).toContainText('The previous fit is shown below');
  expect(await flow.score('churn', 'auc')).toBe(first);
  await page.getByTestId('retrain-churn').click();
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'fitted');
  expect(await flow.score('churn', 'auc')).toBe(first);
});

fresh('a worker that is slow is waited for, and one that dies alone is replaced by itself', async ({ page }) => {
  await rememberWorkers(page);
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const first = await flow.score('churn', 'auc');
  await page.getByTestId('retrain-churn').click();
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'running');
  // As a browser ends it that needs its memory: nobody is told.
  await page.evaluate(() => (window as any).workers.findLast((member: { name: string }) => member.name.includes('learning')).worker.terminate());
  await expect(flow.card('churn')).toHaveAttribute('data-state', 'fitted');
  expect(await flow.score('churn', 'auc')).toBe(first);
});

test('what was being learned from another scenario is dropped', async ({ page }) => {
  const flow = new LearningPage(page);
  const expected = await flow.openLearned(`cards/?${learnable}&seed=7`);
  await page.goto(`cards/?${learnable}`);
  await flow.ready();
  await expect(flow.card('churn')).toHaveAttribute('data-state', /running|fitted/);
  await flow.run(`${learnable}&seed=7`);
  expect(await flow.learned()).toEqual(expected);
  expect(await flow.score('churn', 'auc')).toBe(expected.churn.card!.scores[0].value);
});

test('too few rows are told in sentences', async ({ page }) => {
  const flow = new LearningPage(page);
  const learned = await flow.openLearned('cards/?preset=tiny&users=150');
  const failed = models.filter((model) => learned[model].state === 'failed');
  expect(failed).toContain('ltv');
  for (const model of failed) {
    const alert = flow.card(model).getByRole('alert');
    await expect(alert).toContainText('could not be trained. ');
    await expect(alert).toContainText('Other models are not affected.');
  }
});

/** Copies all that goes to the learning worker and what comes back, byte by byte. */
async function eavesdrop(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: { request: any; inputs: Uint8Array[]; answer?: any; tables?: Uint8Array[] }[] = [];
    Object.assign(window, { heard });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message: any, ...rest: any[]) {
      if (Array.isArray(message) && typeof message[1] === 'string' && message[1].startsWith('{"model"')) {
        const exchange: (typeof heard)[number] = {
          request: JSON.parse(message[1]),
          inputs: message.slice(2).map((bytes: Uint8Array) => bytes.slice()),
        };
        heard.push(exchange);
        this.addEventListener('message', ({ data }) => {
          if (heard.at(-1) !== exchange || !data[1].startsWith('{"Learned"')) return;
          exchange.answer = JSON.parse(data[1]).Learned;
          exchange.tables = data.slice(2).map((bytes: Uint8Array) => bytes.slice());
        });
      }
      return (post as any).call(this, message, ...rest);
    };
  });
}

// `make parity` fits the same models natively on these very bytes and compares what comes of it.
fresh('two runs learn the same bits, and they are written for comparison', async ({ page, browser, baseURL }) => {
  await eavesdrop(page);
  const flow = new LearningPage(page);
  await flow.openLearned(`cards/?${learnable}`);
  const folder = path.join(import.meta.dirname, '../../target/parity-learning');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const count: number = await page.evaluate(() => (window as any).heard.length);
  expect(count).toBe(models.length);
  const bytes = async (index: number, kind: 'inputs' | 'tables', item: number): Promise<Buffer> => {
    const text = await page.evaluate(
      async ([index, kind, item]) => {
        const blob = new Blob([(window as any).heard[index][kind][item]]);
        return new Promise<string>((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
          reader.readAsDataURL(blob);
        });
      },
      [index, kind, item] as const,
    );
    return Buffer.from(text, 'base64');
  };
  for (let index = 0; index < count; index += 1) {
    const { request, answer } = await page.evaluate((index) => {
      const { request, answer } = (window as any).heard[index];
      return { request, answer };
    }, index);
    for (const [item, name] of request.inputs.entries()) {
      writeFileSync(path.join(folder, `${name}.arrow`), await bytes(index, 'inputs', item));
    }
    for (const [item, { table }] of answer.tables.entries()) {
      writeFileSync(path.join(folder, `${table.split('.')[1]}.tab`), await bytes(index, 'tables', item));
    }
    writeFileSync(path.join(folder, `${request.model}.json`), JSON.stringify(answer.card));
    writeFileSync(path.join(folder, 'scenario.txt'), request.scenario);
  }

  const hashes = await flow.tableHashes();
  expect(Object.keys(hashes).length).toBeGreaterThan(7);
  const context = await browser.newContext({ baseURL });
  const other = new LearningPage(await context.newPage());
  await other.openLearned(`cards/?${learnable}&workers=1`);
  expect(await other.tableHashes()).toEqual(hashes);
  await context.close();
});

test('both pages pass the accessibility rules and fit, in both themes and widths', async ({ page }) => {
  const flow = new LearningPage(page);
  for (const route of ['cards', 'truth']) {
    await flow.openLearned(`${route}/?${learnable}`);
    if (route === 'cards') await page.getByRole('switch').click();
    for (const { theme, width } of [brightAndWide, darkAndNarrow]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      await expect(page.getByTestId(route === 'cards' ? 'card-churn' : 'truth-row-churn_auc')).toBeVisible();
      // Charts follow the width a moment later.
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
      await expect.poll(fits, `${route} ${theme} ${width}`).toBe(true);
      await flow.expectAccessible();
    }
  }
});
