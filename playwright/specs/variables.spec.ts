import { expect, type Page } from '@playwright/test';
import { test } from '../pages/test';
import { WorkbenchPage, brightAndWide, darkAndNarrow } from '../pages/workbench';

const margin = (page: Page) => ({
  field: page.getByRole('textbox', { name: 'Gross margin' }),
  apply: page.getByTestId('apply-gross_margin'),
  reset: page.getByTestId('reset-gross_margin'),
  words: page.getByTestId('variable-gross_margin-words'),
  problem: page.getByTestId('variables').getByRole('alert'),
});

/** LTV : CAC of everybody, and of one channel: only channels have a cost. */
async function ratios(flow: WorkbenchPage): Promise<number[]> {
  const found: number[] = [];
  for (const query of ['', '&channel=paid_social']) {
    await flow.open(`?preset=tiny${query}`);
    const figure = flow.page.getByTestId('kpi-ltv-to-cac').locator('.figure');
    // The tile of the filter before stays until the new rows are there.
    await expect(figure).not.toHaveAttribute('data-value', String(found[0]));
    await expect(figure).toHaveAttribute('data-value', /^\d/);
    found.push(Number(await figure.getAttribute('data-value')));
  }
  return found;
}

test('gross margin, changed in its one place, changes LTV : CAC with and without a filter', async ({ page }) => {
  test.slow();
  const flow = new WorkbenchPage(page);
  const label = page.getByTestId('kpi-ltv-to-cac').locator('.label');
  const before = await ratios(flow);
  await expect(label).toHaveAttribute('title', /gross margin of 80%/);
  const paidBack = () => flow.query('select sum(payback_months) as months from marts.fct_channel_performance');
  const [{ months }] = await paidBack();

  await flow.openTested('models/?preset=tiny');
  const { field, apply, reset, words, problem } = margin(page);
  await expect(field).toHaveValue('0.8');
  await expect(words).toHaveText('Unchanged from the project. A change builds the 2 models that read it.');
  await field.fill('40');
  await apply.click();
  await expect(problem).toHaveText('Gross margin must be above 0 and at most 1, and 40 is not.');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('half');
  await field.press('Enter');
  await expect(problem).toHaveText('“half” is not a number. Write 0.4 or 40%.');
  await expect(flow.chip).toHaveCount(0);

  await field.fill('.4');
  await apply.click();
  await expect(problem).toHaveCount(0);
  await flow.tested();
  await expect(field).toHaveValue('0.4');
  await expect(words).toHaveText('Set in this tab until you reset it or close the tab; by default 0.8.');
  await expect(flow.chip).toContainText('1 changed variable');
  // Only what reads it was built again, and tested.
  const built = await page.evaluate(() => (window.metricflow as any).models().filter((model: any) => model.state !== 'kept').map((model: any) => model.name).sort());
  expect(built).toEqual(['fct_channel_performance', 'revenue_retention']);
  expect(await flow.failingTests()).toEqual([]);
  const [{ months: longer }] = await paidBack();
  expect(longer).toBeCloseTo(2 * months, 6);

  const halves = before.map((ratio) => ratio / 2);
  const expectHalves = async () => {
    for (const [place, ratio] of (await ratios(flow)).entries()) expect(ratio).toBeCloseTo(halves[place], 9);
    await expect(label).toHaveAttribute('title', /gross margin of 40%/);
    await flow.visit('definitions/?preset=tiny&metric=ltv');
    await expect(page.getByTestId('metric-ltv')).toContainText('at the project\'s gross margin of 40%');
  };
  await expectHalves();
  await page.reload();
  await flow.tested();
  await expect(flow.chip).toContainText('1 changed variable');
  await expectHalves();

  await flow.openTested('models/?preset=tiny');
  await expect(field).toHaveValue('0.4');
  await reset.click();
  await flow.tested();
  await expect(field).toHaveValue('0.8');
  await expect(reset).toBeFocused();
  await expect(flow.chip).toHaveCount(0);
  expect(await ratios(flow)).toEqual(before);
  await expect(label).toHaveAttribute('title', /gross margin of 80%/);
  flow.expectClean();
});

test('a variable is changed by keyboard, named by the models that read it, and reset on any page', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&model=revenue_retention');
  const named = page.getByTestId('model-variables');
  await expect(named).toContainText('gross_margin = 0.8');
  await named.getByRole('link').click();
  const { field, words } = margin(page);
  await field.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('25%');
  await expect(words).toHaveText('Not applied yet. Builds the 2 models that read it, in this tab only.');
  await page.keyboard.press('Enter');
  await flow.tested();
  await expect(field).toHaveValue('0.25');
  await expect(field).toBeFocused();
  await page.getByTestId('variables').getByRole('link', { name: 'revenue_retention' }).click();
  await expect(named).toContainText('gross_margin = 0.25');
  const compiled = await page.evaluate(() => (window.metricflow as any).models().find((model: any) => model.name === 'revenue_retention').compiled_sql);
  expect(compiled).toContain('as double) * 0.25');
  await page.getByTestId('share').click();
  await expect(page.getByRole('dialog')).toContainText('Set in this tab: gross_margin = 0.25. The link does not include it.');
  await page.keyboard.press('Escape');
  await page.getByTestId('reset-edits').click();
  await flow.tested();
  await expect(named).toContainText('gross_margin = 0.8');
  await expect(flow.chip).toHaveCount(0);
});

test('variables are found by a search, and are accessible in both themes and widths', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&find=lifetime+value');
  await expect(page.getByTestId('variables')).toBeVisible();
  await flow.goTo('preset=tiny&find=arpu_cents');
  await expect(page.getByTestId('variables')).toHaveCount(0);
  await flow.goTo('preset=tiny');
  const { field, apply } = margin(page);
  await field.fill('2');
  await apply.click();
  for (const { theme, width } of [brightAndWide, darkAndNarrow]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.getByTestId('variables').getByRole('alert')).toBeVisible();
    await flow.expectAccessible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${theme} ${width}`).toBeLessThanOrEqual(0);
  }
});
