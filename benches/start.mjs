// From a link to the page: first paint, the first chart, all of the page, all models and charts (`ready`), everything
// (data tests and learned models, too). Several builds in turns, each visit in a fresh browser. With `--second`, each
// is followed by a second visit with a browser that has the same profile, once results are kept (decision 0169).
//
//   node benches/start.mjs --root dist [--root other-dist] [--scenario preset=demo] [--page revenue/] [--runs 5] [--second] [--mbits 20]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { hostOf } from './host.mjs';

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

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

/** Opens a link with a profile; says whether a second visit can follow. */
async function visit(build, profile, visits, { page: path, scenario, second }) {
    const browser = await chromium.launchPersistentContext(profile, {
        viewport: { width: 1440, height: 900 },
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.addInitScript(watch);
    await page.goto(`${build.address}${path}?${scenario}`);
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
    const hasSecond = second && visits === build.visits && build.keeps && (await page.evaluate(isKept));
    await browser.close();
    return hasSecond;
}

async function visitTwice(build, options) {
    const profile = await mkdtemp(join(tmpdir(), 'metricflow-start-'));
    build.keeps = await visit(build, profile, build.visits, options);
    if (build.keeps) await visit(build, profile, build.seconds, options);
    await rm(profile, { recursive: true, force: true });
}

export const MOMENTS = ['paint', 'chart', 'page', 'ready', 'everything'];

/**
 * Visits a link of each build in turns. Gives for each build the medians of its first visits in seconds by `MOMENTS`, and of its
 * second visits, if there were any.
 */
export async function measureStart({ roots, port, runs, mbits = Infinity, ...options }) {
    const builds = roots.map((root, index) => ({ root, port: port + index, visits: [], seconds: [], keeps: true }));
    for (const build of builds) {
        // A connection's way round takes 20 ms where it is not this machine.
        const connection = mbits === Infinity ? {} : { mbits, latencyMs: 20 };
        Object.assign(build, await hostOf(build.root, build.port, connection));
    }
    for (let run = 0; run < runs; run += 1) for (const build of builds) await visitTwice(build, options);
    const medians = (of) => (of.length === 0 ? null : MOMENTS.map((name) => median(of.map((one) => one[name])) / 1000));
    return builds.map(({ root, visits, seconds, close }) => {
        close();
        return { root, first: medians(visits), second: medians(seconds) };
    });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    const { values: options } = parseArgs({
        options: {
            root: { type: 'string', multiple: true, default: ['dist'] },
            scenario: { type: 'string', default: 'preset=demo' },
            page: { type: 'string', default: '' },
            runs: { type: 'string', default: '5' },
            port: { type: 'string', default: '4182' },
            second: { type: 'boolean', default: false },
            /** Of the connection; without it, as fast as this machine is. */
            mbits: { type: 'string', default: 'Infinity' },
        },
    });
    const { root: roots, scenario, page, second } = options;
    const [runs, port, mbits] = [options.runs, options.port, options.mbits].map(Number);
    const measured = await measureStart({ roots, port, runs, mbits, scenario, page, second });
    console.log(`${scenario}, ${page || 'executive'}, medians of ${runs} in s`);
    const line = (head, figures, of = '') => console.log([head.padEnd(24), ...figures.map((one) => String(one).padStart(11))].join('') + of);
    const fixed = (figures) => figures.map((one) => one.toFixed(2));
    line('build', MOMENTS);
    for (const { root, first, second } of measured) {
        line(basename(root), fixed(first));
        line('', fixed(first.map((one) => one / first.at(-1))), '  of everything');
        if (second === null) continue;
        line(`${basename(root)}, second`, fixed(second));
        line('', fixed(second.map((one, index) => one / first[index])), '  of the first');
    }
    process.exit(0);
}
