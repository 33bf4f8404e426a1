// From a link to the page: first paint, the first chart, all of the page, all models and charts (`ready`), everything
// (data tests and learned models, too). Several builds in turns, each visit in a fresh browser.
//
//   node benches/start.mjs --root dist [--root other-dist] [--scenario preset=demo] [--page revenue/] [--runs 5]
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: options } = parseArgs({
    options: {
        root: { type: 'string', multiple: true, default: ['dist'] },
        scenario: { type: 'string', default: 'preset=demo' },
        page: { type: 'string', default: '' },
        runs: { type: 'string', default: '5' },
        port: { type: 'string', default: '4182' },
    },
});

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const builds = options.root.map((root, index) => ({ root, port: Number(options.port) + index, visits: [] }));
for (const { root, port } of builds) {
    const server = spawn('node', ['scripts/serve.mjs', '--root', root, '--port', String(port)], { stdio: 'ignore' });
    process.on('exit', () => server.kill());
}
await new Promise((resolve) => setTimeout(resolve, 1000));

/** Runs in the page from its first moment: notes when something is drawn, by the page's own clock. */
function watch() {
    const seen = {};
    window.seen = seen;
    new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') seen.paint = startTime;
    }).observe({ type: 'paint', buffered: true });
    const look = () => {
        if (seen.chart === undefined && document.querySelector('.chart[data-drawn="true"]')) seen.chart = performance.now();
        const panels = [...document.querySelectorAll('[data-testid^="panel-"][data-pending]')];
        const isWhole =
            panels.length > 0 &&
            panels.every((panel) => panel.dataset.pending === 'false' && panel.dataset.state !== 'loading') &&
            !document.querySelector('.chart[data-drawn="false"], .kpi .skeleton');
        if (isWhole) seen.page ??= performance.now();
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}

async function visit({ port, visits }) {
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(600_000);
    await page.addInitScript(watch);
    await page.goto(`http://localhost:${port}/${options.page}?${options.scenario}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    visits.push(
        await page.evaluate(async () => {
            await window.metricflow.ready;
            const ready = performance.now();
            const { paint, chart, page: whole = ready } = window.seen;
            await Promise.all([window.metricflow.tests(), window.metricflow.learning()]);
            return { paint, chart, page: whole, ready, everything: performance.now() };
        }),
    );
    await browser.close();
}

for (let run = 0; run < Number(options.runs); run += 1) for (const build of builds) await visit(build);
const COLUMNS = ['paint', 'chart', 'page', 'ready', 'everything'];
console.log(`${options.scenario}, ${options.page || 'executive'}, medians of ${options.runs} in s`);
console.log(['build'.padEnd(24), ...COLUMNS.map((name) => name.padStart(11))].join(''));
for (const { root, visits } of builds) {
    const figures = COLUMNS.map((name) => median(visits.map((one) => one[name])) / 1000);
    console.log([basename(root).padEnd(24), ...figures.map((value) => value.toFixed(2).padStart(11))].join(''));
    console.log([''.padEnd(24), ...figures.map((value) => (value / figures.at(-1)).toFixed(2).padStart(11))].join('') + '  of everything');
}
process.exit(0);
