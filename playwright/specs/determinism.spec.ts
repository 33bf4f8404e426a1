import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { MetricFlowPage } from '../pages/metricflow';

const folder = path.join(import.meta.dirname, '../../tests/checksums');

// The same committed checksums that the native tests hold with 1, 2 and 8 parts.
for (const workers of [1, 2]) {
  test(`every scenario has its committed fingerprint with ${workers} worker(s)`, async ({ page }) => {
    const flow = new MetricFlowPage(page);
    await flow.open(`scenario/?preset=tiny&seed=99&workers=${workers}`);
    for (const file of readdirSync(folder)) {
      const expected = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      await flow.run(`${expected.query}&workers=${workers}`);
      expect(await flow.fingerprint(), file).toBe(expected.fingerprint);
      for (const [table, { rows }] of Object.entries<{ rows: number }>(expected.tables)) {
        const [{ n }] = await flow.query(`select count(*) as n from ${table}`);
        expect(n, `${file}: ${table}`).toBe(rows);
      }
    }
    flow.expectClean();
  });
}
