// Takes the pictures in docs/screenshots from the served dist/.
// usage: node scripts/screenshots.mjs [--query preset=demo] [--out docs/screenshots] [--only executive,churn]
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
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
};
/** Pages that are whole once every model is fitted. */
const learned = new Set(['cards', 'truth']);
/** Bytes of a picture above which its colours are thinned out. */
const LARGEST = 400_000;
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
/** Takes the page as it stands, in both themes and widths. */
async function take(page, name) {
    for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        for (const size of sizes) {
            await page.setViewportSize(size);
            // As high as the page, so that what clings to the window's edges stands at the page's.
            const height = await page.evaluate(() => document.documentElement.scrollHeight);
            await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) });
            await page.waitForTimeout(1500);
            const bytes = await page.screenshot({ fullPage: true });
            await writeFile(`${options.out}/${name}-${size.name}-${theme}.png`, await fewerColours(page, bytes));
        }
    }
}

/** The picture in 4 bits a channel where that makes it small enough for a repository; the browser packs it. */
async function fewerColours(page, bytes) {
    if (bytes.length <= LARGEST) return bytes;
    const packed = await page.evaluate(async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
        // The paper keeps its colour: every step is counted from the first pixel's.
        const [red, green, blue] = pixels.data;
        const step = (value, base) => Math.max(0, Math.min(255, base + Math.round((value - base) / 16) * 16));
        for (let at = 0; at < pixels.data.length; at += 4) {
            pixels.data[at] = step(pixels.data[at], red);
            pixels.data[at + 1] = step(pixels.data[at + 1], green);
            pixels.data[at + 2] = step(pixels.data[at + 2], blue);
        }
        pen.putImageData(pixels, 0, 0);
        return canvas.toDataURL('image/png').split(',')[1];
    }, bytes.toString('base64'));
    return Buffer.from(packed, 'base64');
}

async function opened(path) {
    const page = await browser.newPage({ viewport: sizes[0] });
    page.setDefaultTimeout(300_000);
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
            await page.setViewportSize(sizes[0]);
            await page.evaluate((route) => {
                history.pushState(null, '', `${new URL(route, document.baseURI).pathname}${location.search}`);
                dispatchEvent(new PopStateEvent('popstate'));
            }, path);
            await page.waitForFunction(() => {
                const panels = [...document.querySelectorAll('[data-testid^="panel-"][data-state]')];
                return panels.length > 0 && panels.every((panel) => panel.dataset.state !== 'loading' && panel.dataset.pending !== 'true');
            });
            await take(page, name);
        }
        await page.close();
    }
    for (const [name, path] of Object.entries(pages)) {
        if (!wanted(name)) continue;
        const page = await opened(path);
        await take(page, name);
        await page.close();
    }
} finally {
    await browser.close();
    server.kill();
}
