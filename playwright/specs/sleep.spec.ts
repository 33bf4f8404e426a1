import { expect, test, type Page } from '@playwright/test';
import { FaultsPage } from '../pages/faults';

/** How long a tab sleeps; SLEEP_S=100 is for a reader with time. */
const SLEEP_MS = Number(process.env.SLEEP_S ?? 15) * 1000;

/** Freezes a tab with its workers, as a browser does to one that has long been in the background. */
async function sleepFor(page: Page, milliseconds: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
}

/** A tab that nobody has looked at: nothing is painted, so no frame is asked for, and timers come once a second. */
async function hide(page: Page, timerMs: number): Promise<void> {
  await page.addInitScript((timerMs) => {
    const frames: FrameRequestCallback[] = [];
    const { requestAnimationFrame, setTimeout } = window;
    let isHidden = true;
    Object.defineProperty(document, 'hidden', { get: () => isHidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
    window.requestAnimationFrame = (frame) => (isHidden ? frames.push(frame) : requestAnimationFrame.call(window, frame));
    const late = (run: TimerHandler, ms = 0, ...args: unknown[]) => setTimeout(run, isHidden ? Math.max(ms, timerMs) : ms, ...args);
    window.setTimeout = late as typeof setTimeout;
    Object.assign(window, {
      show: () => {
        isHidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
        for (const frame of frames.splice(0)) requestAnimationFrame.call(window, frame);
      },
    });
  }, timerMs);
}

for (const stage of ['rows', 'models']) {
  test(`a tab that falls asleep in a run, at ${stage}, goes on when it wakes`, async ({ page }) => {
    const flow = new FaultsPage(page);
    await page.goto('?preset=tiny&users=2000');
    await page.waitForFunction(
      (at) => window.metricflow?.status().stages.some(({ stage, state }) => stage === at && state === 'running'),
      stage,
      { polling: 20 },
    );
    await sleepFor(page, SLEEP_MS);
    expect((await flow.settled()).phase).toBe('ready');
    await expect(page.getByRole('alert')).toHaveCount(0);
    const slept = await flow.fingerprint();
    await page.reload();
    await flow.ready();
    expect(await flow.fingerprint()).toBe(slept);
    flow.expectClean();
  });
}

test('a tab that falls asleep at rest answers when it wakes', async ({ page }) => {
  const flow = new FaultsPage(page);
  await flow.open('?preset=tiny');
  const before = await flow.fingerprint();
  await sleepFor(page, SLEEP_MS);
  expect((await flow.status()).phase).toBe('ready');
  expect(await flow.query('select count(*) as n from raw.users')).toEqual([{ n: 500 }]);
  expect(await flow.fingerprint()).toBe(before);
  flow.expectClean();
});

test('a tab that nobody looks at builds the company, and draws it when it is shown', async ({ page }) => {
  const flow = new FaultsPage(page);
  await hide(page, 1000);
  await page.goto('?preset=tiny');
  // Playwright waits by frames, unless it is asked to look.
  await expect.poll(() => page.evaluate(() => window.metricflow?.status().phase), { timeout: 150_000 }).toBe('ready');
  await page.evaluate(() => window.metricflow.tests());
  await page.evaluate(() => (window as any).show());
  await expect(page.locator('.chart[data-drawn="true"] canvas').first()).toBeVisible();
  await expect(page.locator('.panel[data-state="loading"], .kpi .skeleton')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('MRR');
  flow.expectClean();
});

test('a processor that is six times slower is waited for, and nothing is given up', async ({ page }) => {
  const flow = new FaultsPage(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await page.goto('?preset=tiny');
  expect((await flow.settled(150_000)).phase).toBe('ready');
  await expect(page.getByRole('alert')).toHaveCount(0);
  flow.expectClean();
});
