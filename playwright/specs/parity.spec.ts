import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

// `make parity-data` built each of these natively with dbt; here the tab builds the same and
// writes its tables beside them, for `make parity` to hold against each other.
const root = path.join(import.meta.dirname, '../../target/parity');
const layers = ['staging', 'intermediate', 'marts', 'advanced'];

// Demo's tiles are compared in executive.spec.ts; its tables are too large to go through JSON.
const names = existsSync(root) ? readdirSync(root).filter((name) => name !== 'demo').sort() : [];

for (const name of names) {
  const folder = path.join(root, name);
  const { query, fingerprint } = JSON.parse(readFileSync(path.join(folder, 'scenario.json'), 'utf8'));

  test(`the tab's tables of ${name} are written for comparison`, async ({ page }) => {
    const flow = new MetricFlowPage(page);
    await flow.open(`scenario/?${query}`);
    expect(await flow.fingerprint(), 'native and tab start from the same rows').toBe(fingerprint);
    const tables = await flow.query(`
      select table_schema || '.' || table_name as name
      from information_schema.tables
      where table_catalog = current_database() and table_schema in (${layers.map((layer) => `'${layer}'`).join(', ')})
      order by name`);
    expect(tables.length).toBeGreaterThanOrEqual(19);
    const out = path.join(folder, 'tab');
    mkdirSync(out, { recursive: true });
    for (const { name: table } of tables) {
      const rows = await flow.query(`select * from ${table}`);
      writeFileSync(path.join(out, `${table}.jsonl`), rows.map((row) => JSON.stringify(row)).join('\n'));
    }
    flow.expectClean();
  });
}

test('there is something to compare', () => {
  expect(existsSync(root), 'run `make parity-data` first').toBe(true);
  expect(names.length).toBeGreaterThan(1);
});
