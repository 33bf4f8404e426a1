import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';
import { peakRendererMegabytes } from '../pages/memory';

// How long tasks on the main thread are is printed here and measured by `make bench`: timings are no tests.
test('Full completes with progress, within its memory', async ({ page }) => {
  test.setTimeout(400_000);
  await page.addInitScript(() => {
    const tasks: { start: number; duration: number }[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push({ start: entry.startTime, duration: entry.duration });
    }).observe({ entryTypes: ['longtask'] });
  });
  const flow = new MetricFlowPage(page);
  await page.goto('?preset=full');
  await page.waitForFunction(() => window.metricflow !== undefined);
  const loadedAt = await page.evaluate(() => performance.now());

  let finished = false;
  const done = page.evaluate(() => window.metricflow.ready).finally(() => (finished = true));
  const progress: string[] = [];
  let stillest = 0;
  let since = Date.now();
  while (!finished) {
    const status = await flow.status();
    const mark = JSON.stringify(status.stages.map((stage) => [stage.state, stage.done]));
    if (mark !== progress.at(-1)) {
      stillest = Math.max(stillest, Date.now() - since);
      since = Date.now();
      progress.push(mark);
    }
    await page.waitForTimeout(200);
  }
  await done;

  const [{ events }] = await flow.query('select count(*) as events from raw.events');
  const [{ users }] = await flow.query('select count(*) as users from raw.users');
  const status = await flow.status();
  const long = await page.evaluate(
    (from) => (window as any).longTasks.filter((task: { start: number }) => task.start > from),
    loadedAt,
  );
  const memory = peakRendererMegabytes();
  console.log(
    JSON.stringify({
      events,
      seconds: status.elapsed_ms / 1000,
      stages: Object.fromEntries(status.stages.map((stage) => [stage.stage, Math.round(stage.elapsed_ms)])),
      memory,
      longestTask: Math.max(0, ...long.map((task: { duration: number }) => task.duration)),
      progressSteps: progress.length,
      stillest,
    }),
  );
  expect(users).toBe(50_000);
  expect(events).toBeGreaterThanOrEqual(10_000_000);
  expect(memory).toBeLessThanOrEqual(1536);
  expect(progress.length).toBeGreaterThan(30);
  flow.expectClean();
});
