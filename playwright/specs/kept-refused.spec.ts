// A store that refuses, and copies that were spoiled: never another figure.
import { expect, test } from '@playwright/test';
import { type Corruption, KeptPage, prepare } from '../pages/kept';

/** Other journeys keep nothing, so that a page that is loaded again makes its data anew. */
test.use({ storageState: { cookies: [], origins: [] } });

const scenario = 'preset=tiny';
let flow: KeptPage;

test.beforeEach(async ({ page }) => {
  test.setTimeout(400_000);
  await prepare(page);
  flow = new KeptPage(page, '');
});

for (const [name, refuse] of [
  ['refuses', () => Object.defineProperty(IDBFactory.prototype, 'open', { value: () => { throw new DOMException('denied', 'SecurityError'); } })],
  ['does not answer', () => Object.defineProperty(IDBFactory.prototype, 'open', { value: () => new EventTarget() })],
  ['has no store', () => Object.defineProperty(window, 'indexedDB', { value: undefined })],
  ['has no room', () => Object.defineProperty(IDBObjectStore.prototype, 'put', { value: () => { throw new DOMException('full', 'QuotaExceededError'); } })],
] as const) {
  test(`a browser that ${name} is no fault`, async ({ page }) => {
    await page.addInitScript(refuse);
    await flow.open(`?${scenario}`);
    const first = await flow.figures();
    await flow.tests();
    await flow.learned();
    await page.waitForTimeout(5_000);
    await page.reload();
    await flow.ready();
    expect(await flow.figures()).toEqual(first);
    expect((await flow.workers()).some((worker) => worker.includes('generation'))).toBe(true);
    expect(flow.consoleErrors).toEqual([]);
  });
}

test('a copy that was spoiled leads to a run, never to another figure', async ({ page }) => {
  test.setTimeout(900_000);
  await flow.visitOnce(`?${scenario}`);
  const first = await flow.figures();
  const kinds: Corruption[] = ['flipped', 'cut', 'swapped', 'missing', 'manifest', 'foreign'];
  for (const [number, kind] of kinds.entries()) {
    await flow.isKept(1);
    await flow.spoil(kind, 7919 * (number + 1));
    await page.reload();
    await flow.ready();
    expect(await flow.figures(), kind).toEqual(first);
    await flow.goTo(`${scenario}&plan=starter`);
    await flow.goTo(scenario);
    expect(await flow.figures(), kind).toEqual(first);
    await flow.query('select 1 as one from raw.users limit 1');
    await flow.learned();
    await flow.tests();
    expect(await flow.figures(), kind).toEqual(first);
    // Whatever was spoiled, the next copy is whole.
    await page.waitForTimeout(4_000);
  }
});
