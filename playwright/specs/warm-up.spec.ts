import { expect, test } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';

/** Statements about signups of the last segment there is, which none of these tests chooses. */
const unasked = `users.segment = cast('inactive'`;

test('a page left alone rehearses its questions once, and shows none of the answers', async ({ page }) => {
  await page.addInitScript(() => {
    const statements: string[] = [];
    Object.assign(window, { statements });
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest: any[]) {
      if (message?.type === 'RUN_QUERY') statements.push(message.data[1]);
      return (postMessage as any).call(this, message, ...rest);
    };
  });
  const rehearsed = () => page.evaluate((part) => (window as any).statements.filter((sql: string) => sql.includes(part)).length, unasked);
  const funnel = new DashboardPage(page, 'funnel/');
  await funnel.openWith('preset=tiny');
  const text = await page.locator('main').innerText();
  await funnel.tests();
  await funnel.learned();
  // Seven panels ask about users, the eighth about touches.
  await expect.poll(rehearsed).toBe(7);
  expect(await page.locator('main').innerText()).toBe(text);

  // What is asked in earnest is answered as ever, and a page seen again rehearses nothing.
  await funnel.goTo('preset=tiny&channel=referral');
  await funnel.settled('funnel');
  const filtered = await funnel.answer('funnel').textContent();
  await page.getByRole('link', { name: 'Product adoption' }).first().click();
  await expect(page).toHaveURL(/adoption/);
  await page.goBack();
  await funnel.settled('funnel');
  expect(await funnel.answer('funnel').textContent()).toBe(filtered);
  await page.waitForTimeout(1_500);
  expect(await rehearsed()).toBe(7);
  funnel.expectClean();
});

test('when the models have learned, every panel asks anew and is answered', async ({ page }) => {
  const executive = new DashboardPage(page, '');
  await executive.openWith('preset=tiny');
  await executive.tests();
  await executive.learned();
  for (const id of ['mrr', 'movements', 'active-users', 'signups', 'drivers']) await executive.settled(id);
  await expect(executive.panel('active-users')).toContainText('Forecast for the week to');
  executive.expectClean();
});
