import { expect } from '@playwright/test';
import { DashboardPage, rowsOfCsv } from '../pages/dashboard';
import { test } from '../pages/test';

test('a file that is asked for while its rows are on their way waits for them', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  await growth.openWith('preset=tiny&range=3m&compare=previous');
  await growth.settled('signups');
  const [all, german] = await Promise.all(
    ["true", "country = 'DE'"].map(async (wanted) => {
      const [{ n }] = await growth.query(`select count(*) as n from marts.dim_users where signup_date between date '2025-10-01' and date '2025-12-31' and ${wanted}`);
      return Number(n);
    }),
  );
  expect(german).toBeLessThan(all);
  // The link changes and the button is pressed in one task: nothing can have been answered in between.
  const file = await page.evaluate(async () => {
    const { createObjectURL } = URL;
    const { click } = HTMLAnchorElement.prototype;
    const saved = new Promise<{ name: string; text: string }>((resolve) => {
      let text = Promise.resolve('');
      URL.createObjectURL = (blob: Blob) => {
        if (blob.type.startsWith('text/csv')) text = blob.text();
        return createObjectURL(blob);
      };
      HTMLAnchorElement.prototype.click = async function () {
        resolve({ name: this.download, text: await text });
      };
    });
    history.pushState(null, '', `${location.pathname}?${location.search.slice(1)}&country=DE`);
    dispatchEvent(new PopStateEvent('popstate'));
    const buttons = [...document.querySelectorAll<HTMLElement>('#panel-signups .tools-list button')];
    buttons.find((button) => button.textContent === 'CSV')!.click();
    const given = await saved;
    URL.createObjectURL = createObjectURL;
    HTMLAnchorElement.prototype.click = click;
    return given;
  });
  expect(file.name).toMatch(/^signups_.*DE/i);
  // The period before stands first, in rows of its own.
  const rows = rowsOfCsv(file.text);
  const now = rows.filter((row) => row.range === rows[rows.length - 1].range);
  expect(now.length).toBe(rows.length / 2);
  expect(now.reduce((sum, row) => sum + Number(row.signups), 0)).toBe(german);
  // The first question that a page ever asks is waited for, too.
  await page.goto('?preset=tiny&range=3m&compare=previous');
  await growth.ready();
  expect((await growth.csv('signups')).length).toBeGreaterThan(0);
  growth.expectClean();
});

test('rows behind a mark that a link names are waited for before the mark is called unknown', async ({ page }) => {
  const growth = new DashboardPage(page, '');
  const query = 'preset=tiny&range=3m';
  await page.goto(`?${query}&panel=signups.rows.direct`);
  const dialog = page.getByTestId('rows-signups');
  const seen = page.evaluate(async () => {
    const said: string[] = [];
    while (!document.querySelector('[data-testid="rows-told"], [data-testid="rows-signups"] .empty')) {
      const dialog = document.querySelector<HTMLElement>('[data-testid="rows-signups"]');
      const csv = dialog?.querySelector<HTMLButtonElement>('[data-testid="rows-csv"]');
      if (csv && !csv.disabled) said.push('a file was offered');
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    if (!document.querySelector('[data-testid="rows-told"]')) said.push('the mark was called unknown');
    return said;
  });
  await expect(dialog).toBeVisible();
  expect(await seen).toEqual([]);
  growth.expectClean();
});
