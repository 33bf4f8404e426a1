import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

/** Demo's models take seconds, so that what comes before their end can be seen. */
const scenario = 'preset=demo';

/** In the page: waits until `selector` is there, and says how far the run had come then. */
const statusWhen = (page: MetricFlowPage['page'], selector: string) =>
  page.evaluate(
    (wanted) =>
      new Promise<{ phase: string; models: { state: string; done: number }; text: string }>((resolve) => {
        const look = () => {
          const found = document.querySelector(wanted);
          if (!found || !window.metricflow) {
            requestAnimationFrame(look);
            return;
          }
          const { phase, stages } = window.metricflow.status();
          const text = found.closest('[data-testid^="panel-"]')?.querySelector('.answer, .panel-answer')?.textContent ?? '';
          resolve({ phase, models: stages.find(({ stage }) => stage === 'models')!, text });
        };
        look();
      }),
    selector,
  );

const drawn = (id: string) => `[data-testid="panel-${id}"][data-state="ready"] .chart[data-drawn="true"]`;

test('the first chart is drawn while models are built, and is final', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await page.goto(`?${scenario}`);
  const { phase, models } = await statusWhen(page, drawn('movements'));
  expect(phase).toBe('running');
  expect(models.state).toBe('running');
  const early = await page.getByTestId('panel-movements').innerText();
  await flow.ready();
  // What is learned adds to other panels; this one's words and figures stay.
  expect(await page.getByTestId('panel-movements').innerText()).toBe(early);
  flow.expectClean();
});

test('a page that is opened meanwhile goes before the one that was left', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await page.goto(`?${scenario}`);
  await page.waitForFunction(() => window.metricflow?.status().stages.some(({ stage, state }) => stage === 'models' && state === 'running'));
  await page.getByRole('link', { name: 'Revenue' }).first().click();
  const { phase } = await statusWhen(page, drawn('waterfall'));
  expect(phase).toBe('running');
  await flow.ready();
  flow.expectClean();
});

test('a link with filters is drawn early, too', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await page.goto(`?${scenario}&plan=professional&channel=content`);
  const { phase } = await statusWhen(page, drawn('movements'));
  expect(phase).toBe('running');
  await flow.ready();
  flow.expectClean();
});

test('a run that is cancelled takes back what it drew', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await page.goto(`?${scenario}`);
  await statusWhen(page, drawn('movements'));
  await page.getByTestId('cancel-run').click();
  await expect.poll(async () => (await flow.status()).phase).toBe('cancelled');
  await expect(page.getByTestId('panel-mrr')).toContainText('Nothing was built: the run was cancelled');
  await page.getByRole('button', { name: 'Run again' }).first().click();
  await flow.ready();
  await expect(page.getByTestId('panel-movements')).toHaveAttribute('data-state', 'ready');
  flow.expectClean();
});

test('the engine’s program comes once, and while the page’s own starts', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(new URL(request.url()).pathname));
  // By the page's clock, which begins with it.
  await page.addInitScript(() => {
    const look = () => {
      if (window.metricflow) (window as any).startedMs = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await flow.open('?preset=tiny');
  const engine = asked.filter((path) => /duckdb-eh\.\d\.wasm$/.test(path));
  expect(engine.map((path) => path.split('.').at(-2)).sort()).toEqual(['1', '2']);
  const { begun, started } = await page.evaluate(() => ({
    begun: Math.min(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('duckdb-eh.')).map(({ startTime }) => startTime)),
    started: (window as any).startedMs as number,
  }));
  expect(begun).toBeLessThan(started);
  flow.expectClean();
});
