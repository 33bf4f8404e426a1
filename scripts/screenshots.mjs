// Takes the pictures in docs/screenshots from the served dist/.
// Pack them afterwards: Pillow's quantize(256, MAXCOVERAGE) makes each a third as large and keeps rare colours.
// usage: node scripts/screenshots.mjs [--query preset=demo] [--out docs/screenshots] [--only executive,churn]
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
/** Dashboards share one tab, so that the data is made and learned from once. */
const dashboards = { executive: '', retention: 'retention/', revenue: 'revenue/', funnel: 'funnel/', adoption: 'adoption/', churn: 'churn/' };
const pages = {
    scenario: 'scenario/',
    lineage: 'lineage/',
    models: 'models/?model=fct_mrr_waterfall&tab=sql',
    quality: 'quality/?find=mrr',
    cards: 'cards/',
    truth: 'truth/',
    definitions: 'definitions/',
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
/** Takes the page as it stands, in both themes and some widths. */
async function take(page, name, widths = sizes) {
    for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        for (const size of widths) {
            await page.setViewportSize(size);
            // As high as the page, so that what clings to the window's edges stands at the page's.
            const height = await page.evaluate(() => document.documentElement.scrollHeight);
            await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) });
            await page.waitForTimeout(1500);
            await page.waitForFunction(() => !document.querySelector('.chart[data-drawn="false"]'));
            await page.screenshot({ path: `${options.out}/${name}-${size.name}-${theme}.png`, fullPage: true });
        }
    }
}

/** Goes to another page of the tab; the data stays. */
function go(page, path) {
    return page.evaluate((route) => {
        history.pushState(null, '', `${new URL(route, document.baseURI).pathname}${location.search}`);
        dispatchEvent(new PopStateEvent('popstate'));
    }, path);
}

async function opened(path) {
    const page = await browser.newPage({ viewport: sizes[0] });
    page.setDefaultTimeout(300_000);
    // No chart is caught on its way.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    page.on('console', (message) => message.type() === 'error' && console.error(path, message.text()));
    page.on('pageerror', (error) => console.error(path, String(error)));
    await page.goto(`http://localhost:${options.port}/${path}${path.includes('?') ? '&' : '?'}${options.query}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    await page.evaluate(() => window.metricflow.ready);
    await page.evaluate(() => window.metricflow.tests());
    return page;
}

const wanted = (name) => !options.only || options.only.split(',').includes(name);
try {
    if (Object.keys(dashboards).some(wanted)) {
        const page = await opened('');
        await page.evaluate(() => window.metricflow.learning());
        for (const [name, path] of Object.entries(dashboards).filter(([name]) => wanted(name))) {
            // A chart is drawn for the width it is opened in, so each width opens the page anew.
            for (const size of sizes) {
                await go(page, 'scenario/');
                await page.setViewportSize(size);
                await go(page, path);
                await page.waitForFunction(() => {
                    const panels = [...document.querySelectorAll('[data-testid^="panel-"][data-state]')];
                    return panels.length > 0 && panels.every((panel) => panel.dataset.state !== 'loading' && panel.dataset.pending !== 'true');
                });
                await take(page, name, [size]);
            }
        }
        await page.close();
    }
    for (const [name, path] of Object.entries(pages)) {
        if (!wanted(name)) continue;
        const page = await opened(path);
        if (learned.has(name)) await page.evaluate(() => window.metricflow.learning());
        await take(page, name);
        await page.close();
    }
} finally {
    await browser.close();
    server.kill();
}
