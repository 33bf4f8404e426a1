import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

// `make parity-data` built each of these natively with dbt; here the tab builds the same and writes its tables and its
// tests' verdicts beside them, for `make parity` to hold against each other.
const root = path.join(import.meta.dirname, '../../target/parity');
const layers = ['staging', 'intermediate', 'marts', 'advanced', 'serving'];

const names = existsSync(root) ? readdirSync(root).filter((name) => existsSync(path.join(root, name, 'scenario.json'))).sort() : [];

for (const name of names) {
  const folder = path.join(root, name);
  const { query, fingerprint } = JSON.parse(readFileSync(path.join(folder, 'scenario.json'), 'utf8'));

  test(`the tab's tables and verdicts of ${name} are written for comparison`, async ({ page }) => {
    // Demo's two views over every event are 330 MB of Arrow.
    test.slow();
    const flow = new MetricFlowPage(page);
    await flow.open(`scenario/?${query}`);
    expect(await flow.fingerprint(), 'native and tab start from the same rows').toBe(fingerprint);
    // They need every table of the serving layer.
    const tests = await flow.tests();
    const tables = await flow.query(`
      select table_schema || '.' || table_name as name
      from information_schema.tables
      where table_catalog = current_database() and table_schema in (${layers.map((layer) => `'${layer}'`).join(', ')})
      order by name`);
    expect(tables).toHaveLength(62);
    const out = path.join(folder, 'tab');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    writeFileSync(path.join(out, 'tests.json'), JSON.stringify(tests));
    for (const { name: table } of tables) await flow.saveArrow(`select * from ${table}`, path.join(out, `${table}.arrow`));
    flow.expectClean();
  });
}

test('there is something to compare', () => {
  expect(existsSync(root), 'run `make parity-data` first').toBe(true);
  expect(names.length).toBeGreaterThan(3);
});

test('a script gets rows as Arrow, and only reads', async ({ page }) => {
  const flow = new MetricFlowPage(page);
  await flow.open('scenario/?preset=tiny&users=1000');
  const magic = await page.evaluate(async () => {
    const file = await window.metricflow.arrow('select 1 as one');
    return String.fromCharCode(...file.slice(0, 6), ...file.slice(-6));
  });
  expect(magic).toBe('ARROW1ARROW1');
  const refused = page.evaluate(() => window.metricflow.arrow('drop table raw.events'));
  await expect(refused).rejects.toThrow('only a single statement that reads');
  await expect(page.evaluate(() => window.metricflow.arrow('select nothing'))).rejects.toThrow(/nothing/);
});
