// Every dashboard draws, and the tab's rows are those that other browsers and the command line make.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

// The committed checksums that native tests and Chromium are held to.
const tiny = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../tests/checksums/tiny.json'), 'utf8'));
// Of 500 customers too few stayed long enough to learn from; the panel says so, in Chromium as well.
const untrained = { 'revenue/': ['ltv-deciles'] };
const dashboards = ['', 'retention/', 'revenue/', 'funnel/', 'adoption/', 'churn/'];

export default [
  {
    name: 'the rows are the same, bit for bit',
    async run(page) {
      await page.open(`scenario/?${tiny.query}`);
      assert.equal(await page.evaluate('window.metricflow.fingerprint()'), tiny.fingerprint);
      for (const [table, { rows }] of Object.entries(tiny.tables)) {
        const [{ n }] = await page.query(`select count(*) as n from ${table}`);
        assert.equal(n, rows, table);
      }
    },
  },
  ...dashboards.map((route) => ({
    name: `/${route} draws every panel`,
    async run(page) {
      // As a reader comes to it: by its name in the rail, with the data that the tab has.
      if (!(await page.evaluate('window.metricflow !== undefined'))) await page.open('?preset=tiny');
      await page.click(`nav li a[href^="/${route}?"]`);
      await page.until(`location.pathname`, `/${route}`);
      assert((await page.drawn()) >= 5);
      const failures = await page.failures();
      assert.deepEqual(Object.keys(failures), untrained[route] ?? [], JSON.stringify(failures));
      for (const told of Object.values(failures)) assert.match(told, /could not be trained on this scenario/);
      const charts = await page.evaluate(`[...document.querySelectorAll('.panel[data-state="ready"]:has(.chart)')].map((panel) => panel.id.slice(6))`);
      assert(charts.length > 0);
      for (const id of charts) assert((await page.painted(id)) > 300, `${id} is drawn`);
      assert.deepEqual(page.driver.errors(), []);
    },
  })),
];
