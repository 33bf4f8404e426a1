// Takes the pictures in docs/screenshots from the served dist/.
// usage: node scripts/screenshots.mjs [--query preset=demo] [--out docs/screenshots] [--only executive]
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: options } = parseArgs({
    options: {
        query: { type: 'string', default: '' },
        out: { type: 'string', default: 'docs/screenshots' },
        port: { type: 'string', default: '4190' },
        only: { type: 'string', default: '' },
        root: { type: 'string', default: 'dist' },
    },
});
const pages = {
    executive: '',
    scenario: 'scenario/',
    lineage: 'lineage/',
    models: 'models/?model=fct_mrr_waterfall&tab=sql',
    quality: 'quality/?find=mrr',
    cards: 'cards/',
    truth: 'truth/',
};
/** Pages that are whole once every model is fitted. */
const learned = new Set(['cards', 'truth']);
const sizes = [
    { name: 1440, width: 1440, height: 900 },
    { name: 390, width: 390, height: 844 },
];

mkdirSync(options.out, { recursive: true });
const server = spawn('node', ['scripts/serve.mjs', '--root', options.root, '--port', options.port], { stdio: 'ignore' });
await new Promise((resolve) => setTimeout(resolve, 1000));
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
});
try {
    for (const [name, path] of Object.entries(pages)) {
        if (options.only && options.only !== name) continue;
        const page = await browser.newPage({ viewport: sizes[0] });
        page.on('console', (message) => message.type() === 'error' && console.error(name, message.text()));
        page.on('pageerror', (error) => console.error(name, String(error)));
        await page.goto(`http://localhost:${options.port}/${path}${path.includes('?') ? '&' : '?'}${options.query}`);
        await page.waitForFunction(() => window.metricflow !== undefined);
        await page.evaluate(() => window.metricflow.ready);
        await page.evaluate(() => window.metricflow.tests());
        if (learned.has(name)) await page.evaluate(() => window.metricflow.learning());
        for (const theme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme: theme });
            for (const size of sizes) {
                await page.setViewportSize(size);
                await page.waitForTimeout(700);
                await page.screenshot({ path: `${options.out}/${name}-${size.name}-${theme}.png`, fullPage: true });
            }
        }
        await page.close();
    }
} finally {
    await browser.close();
    server.kill();
}
