import { expect } from '@playwright/test';
import { FramePage } from '../pages/frame';
import { test } from '../pages/test';

const PAGES = [
  'Executive growth',
  'Retention intelligence',
  'Revenue deep-dive',
  'Funnel diagnostics',
  'Product adoption',
  'Churn early warning',
  'Model cards',
  'Truth',
  'Data quality',
  'Models',
];

/** A number as it is written, with its unit and how many decimals it shows of its own size. */
interface Written {
  text: string;
  unit: string;
  value: number;
  step: number;
}

const SIZES: Record<string, number> = { '': 1, k: 1e3, M: 1e6, bn: 1e9 };

/** Numbers that were set and not measured: thresholds, widths of intervals, tolerances. */
const SET =
  /(?:risk of|risk below|riskiest|random|threshold (?:of|is)|At|should contain) \d+%|100% is|within 0\.\d+|\d+% (?:or more|interval|band|confidence|for |of the users)/g;

/** The measured numbers of a text; changes, which carry a sign, have a rule of their own. */
function numbers(text: string): Written[] {
  const found: Written[] = [];
  for (const [whole, sign, dollar, digits, decimals, size, unitBehind] of text.replace(SET, '').matchAll(
    /([+−]?)(\$?)(\d[\d,]*)(?:\.(\d+))?(k|M|bn)?(?![\w])(%|×)?/g,
  )) {
    if (sign !== '') continue;
    const unit = dollar || (unitBehind ?? '');
    if (unit === '' && (decimals ?? '') === '' && size === undefined) continue;
    const scale = SIZES[size ?? ''];
    const value = Number(`${digits.replaceAll(',', '')}.${decimals ?? 0}`) * scale;
    found.push({ text: whole, unit, value, step: scale / 10 ** (decimals ?? '').length });
  }
  return found;
}

/** Pairs where one number is the other, rounded further: "$2.28k" and "$2,277", "12%" and "12.3%". */
function roundedTwice(all: Written[]): string[] {
  const pairs = new Set<string>();
  for (const coarse of all) {
    for (const fine of all) {
      const isFiner = fine.unit === coarse.unit && fine.step < coarse.step * 0.99;
      if (isFiner && Math.abs(Math.round(fine.value / coarse.step) * coarse.step - coarse.value) < coarse.step / 1e3) {
        pairs.add(`${coarse.text} and ${fine.text}`);
      }
    }
  }
  return [...pairs];
}

test('a number that stands twice in two roundings is found', () => {
  const twice = (text: string) => roundedTwice(numbers(text));
  expect(twice('Recall 66.7% … and caught 67% of them')).toEqual(['67% and 66.7%']);
  expect(twice('Call her first: $2.28k MRR … $2,277')).toEqual(['$2.28k and $2,277']);
  expect(twice('2.78k active … 2.779k')).toEqual(['2.78k and 2.779k']);
  expect(twice('AUC 0.86 against 0.855')).toEqual(['0.86 and 0.855']);
  expect(twice('66.7% and 66.7%, 20.1%, 20% or more, $2,277, 3 of 14, +12%, 11.9%')).toEqual([]);
});

test('no page writes one number in two roundings', async ({ page }) => {
  const frame = new FramePage(page);
  await frame.open('?preset=tiny');
  await page.evaluate(() => (window.metricflow as any).learning());
  const found: Record<string, string[]> = {};
  for (const name of PAGES) {
    await frame.goToPage(name);
    await expect(page).toHaveTitle(new RegExp(`^${name}`));
    await expect(page.locator('.panel[data-state="loading"], .panel[data-pending="true"]')).toHaveCount(0);
    const panels = page.locator('[data-testid^="panel-"]');
    for (const panel of await panels.all()) await panel.scrollIntoViewIfNeeded();
    const main = page.getByRole('main');
    await expect(main).not.toContainText('Loading');
    const pairs = roundedTwice(numbers(await main.innerText()));
    if (pairs.length > 0) found[name] = pairs;
  }
  expect(found).toEqual({});
});
