// From a link to the page: first paint, the first chart, all of the page, all models and charts (`ready`), everything
// (data tests and learned models, too). Several builds in turns, each visit in a fresh browser. With `--second`, each
// is followed by a second visit with a browser that has the same profile, once results are kept (decision 0169).
//
//   node benches/start.mjs --root dist [--root other-dist] [--scenario preset=demo] [--page revenue/] [--runs 5] [--second]
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: options } = parseArgs({
    options: {
        root: { type: 'string', multiple: true, default: ['dist'] },
        scenario: { type: 'string', default: 'preset=demo' },
        page: { type: 'string', default: '' },
        runs: { type: 'string', default: '5' },
        port: { type: 'string', default: '4182' },
        second: { type: 'boolean', default: false },
    },
});

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const builds = options.root.map((root, index) => ({ root, port: Number(options.port) + index, visits: [], seconds: [], keeps: true }));
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

/** Waits until the results of the page are kept on the device, and the page itself; false for a build that keeps nothing. */
async function isKept() {
    const patience = performance.now() + 120_000;
    const asked = async () => {
        // Opening it would make it.
        if (!(await indexedDB.databases()).some(({ name }) => name === 'metricflow-kept')) return false;
        const database = await new Promise((resolve) => {
            const request = indexedDB.open('metricflow-kept');
            request.onsuccess = () => resolve(request.result);
        });
        const count = await new Promise((resolve) => {
            const request = database.transaction('copies').objectStore('copies').count();
            request.onsuccess = () => resolve(request.result);
        });
        database.close();
        const registration = await navigator.serviceWorker.getRegistration();
        return count > 0 && registration?.active?.state === 'activated';
    };
    while (!(await asked())) {
        if (performance.now() > patience) return false;
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return true;
}

async function visit(build, profile, visits) {
    const { port } = build;
    const browser = await chromium.launchPersistentContext(profile, {
        viewport: { width: 1440, height: 900 },
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    const page = await browser.newPage();
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
    const hasSecond = options.second && visits === build.visits && build.keeps && (await page.evaluate(isKept));
    await browser.close();
    return hasSecond;
}

async function visitTwice(build) {
    const profile = await mkdtemp(join(tmpdir(), 'metricflow-start-'));
    build.keeps = await visit(build, profile, build.visits);
    if (build.keeps) await visit(build, profile, build.seconds);
    await rm(profile, { recursive: true, force: true });
}

for (let run = 0; run < Number(options.runs); run += 1) for (const build of builds) await visitTwice(build);
const COLUMNS = ['paint', 'chart', 'page', 'ready', 'everything'];
console.log(`${options.scenario}, ${options.page || 'executive'}, medians of ${options.runs} in s`);
console.log(['build'.padEnd(24), ...COLUMNS.map((name) => name.padStart(11))].join(''));
for (const { root, visits, seconds } of builds) {
    const medians = (of) => COLUMNS.map((name) => median(of.map((one) => one[name])) / 1000);
    const figures = medians(visits);
    console.log([basename(root).padEnd(24), ...figures.map((value) => value.toFixed(2).padStart(11))].join(''));
    console.log([''.padEnd(24), ...figures.map((value) => (value / figures.at(-1)).toFixed(2).padStart(11))].join('') + '  of everything');
    if (seconds.length === 0) continue;
    const second = medians(seconds);
    console.log([`${basename(root)}, second`.padEnd(24), ...second.map((value) => value.toFixed(2).padStart(11))].join(''));
    console.log([''.padEnd(24), ...second.map((value, index) => (value / figures[index]).toFixed(2).padStart(11))].join('') + '  of the first');
}
process.exit(0);
