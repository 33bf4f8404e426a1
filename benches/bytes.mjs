// Bytes that a host sends at a first and a second visit of one profile: one that compresses, and one that knows no compression and no
// headers (`--plain`), each in a sub-folder. Counted at the host, so that nothing which a browser asks for is missed.
//
//   node benches/bytes.mjs [--root dist] [--scenario preset=tiny]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { hostOf } from './host.mjs';

const { values: options } = parseArgs({
    options: { root: { type: 'string', default: 'dist' }, scenario: { type: 'string', default: 'preset=tiny' }, port: { type: 'string', default: '4192' } },
});
const BASE = '/some/folder/';

async function visit(profile, address) {
    const browser = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    const page = await browser.newPage();
    await page.goto(`${address}?${options.scenario}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    await page.evaluate(() => window.metricflow.ready);
    await page.evaluate(async () => {
        await window.metricflow.learning();
        await navigator.serviceWorker?.ready;
    });
    await sleep(5000);
    await browser.close();
}

const megabytes = (files) => [...files.values()].reduce((sum, bytes) => sum + bytes, 0) / 1e6;
for (const [name, port, more] of [['compresses', Number(options.port), []], ['plain', Number(options.port) + 1, ['--plain']]]) {
    const { address, taken } = await hostOf(options.root, port, { more: ['--base', BASE.slice(0, -1), ...more] });
    const profile = await mkdtemp(join(tmpdir(), 'metricflow-bytes-'));
    for (const turn of ['first', 'second']) {
        await visit(profile, `${address}${BASE.slice(1)}`);
        const files = taken();
        console.log(`${name}, ${turn} visit: ${megabytes(files).toFixed(2)} MB in ${files.size} files`);
        const largest = [...files].sort(([, one], [, other]) => other - one).slice(0, turn === 'first' ? 12 : 3);
        for (const [file, bytes] of largest) console.log(`    ${(bytes / 1e6).toFixed(2)} ${file.slice(BASE.length)}`);
    }
    await rm(profile, { recursive: true, force: true });
}
process.exit(0);
