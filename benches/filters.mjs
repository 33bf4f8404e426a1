// How long a change of filters takes until every panel of a page is painted, for each dashboard.
// usage: node benches/filters.mjs [--scenario preset=full] [--rounds 3] [--only executive] [--port 4181] [--root dist]
//
// What is counted: from the change of the URL (as a click on a filter makes it) to the end of the frame in which no
// panel of the page, in view or not, answers an older question and every chart has drawn its new rows. Motion is off
// (prefers-reduced-motion), so what is painted then is final; with motion the marks move on for 180 ms. The tests of
// the data and the models have finished before. Processor time, of the page's thread and of all others of its process
// (the engine's worker first), is told beside it: other programs do not lengthen it. Each change is one that the page has not seen, so nothing is cached.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

export const PAGES = { executive: '', retention: 'retention/', revenue: 'revenue/', funnel: 'funnel/', adoption: 'adoption/', churn: 'churn/' };

const PLANS = ['starter', 'professional', 'enterprise'];
const CHANNELS = ['organic_search', 'direct', 'referral', 'content', 'paid_search'];
const COUNTRIES = ['US', 'GB', 'DE', 'CA', 'FR'];
const SIZES = ['1-10', '11-50', '51-200'];

/** The changes of one round: each one click away from the one before, none seen in another round. */
function changes(round) {
    const of = (values, step) => values[(round + step) % values.length];
    const channel = of(CHANNELS, 0);
    const country = of(COUNTRIES, 1);
    return [
        `channel=${channel}`,
        `channel=${channel}&country=${country}`,
        `range=90d&channel=${channel}&country=${country}`,
        `range=90d&country=${country}`,
        `range=all&country=${country}`,
        `range=all&country=${country}&size=${of(SIZES, 0)}`,
        `country=${country}&size=${of(SIZES, 0)}`,
        `plan=${of(PLANS, 0)}&size=${of(SIZES, 0)}`,
    ];
}

/** Runs in the page: changes the filters and waits until all is painted. */
function change(query) {
    const panels = () => [...document.querySelectorAll('[data-testid^="panel-"][data-pending]')];
    const isDone = () =>
        panels().every((panel) => panel.dataset.pending === 'false' && panel.dataset.state !== 'loading') &&
        !document.querySelector('.chart[data-drawn="false"]');
    const asked = new Set();
    const answered = new Map();
    const watch = new MutationObserver((records) => {
        for (const { target } of records) {
            const id = target.dataset.testid;
            if (target.dataset.pending === 'true') asked.add(id);
            else answered.set(id, performance.now());
        }
    });
    watch.observe(document.body, { subtree: true, attributeFilter: ['data-pending'] });
    window.longTasks = [];
    return new Promise((resolve) => {
        const began = performance.now();
        history.pushState(null, '', `${location.pathname}?${query}`);
        dispatchEvent(new PopStateEvent('popstate'));
        const look = () => {
            if (asked.size === 0 ? performance.now() - began < 2000 : !isDone()) {
                requestAnimationFrame(look);
                return;
            }
            // What this frame draws is on screen once the task after it runs.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
                const ms = performance.now() - began;
                watch.disconnect();
                const last = Math.max(0, ...answered.values()) - began;
                // Long tasks are reported a little later.
                setTimeout(() => resolve({ ms, answered: last, asked: asked.size, panels: panels().length, long: window.longTasks }), 120);
            };
            port2.postMessage(null);
        };
        requestAnimationFrame(look);
    });
}

/** Milliseconds of processor time that our renderers have used: the page's threads, and all others. */
function processorMs() {
    const parents = new Map();
    const read = (file) => {
        try {
            return readFileSync(file, 'utf8');
        } catch {
            return ''; // it ended while it was read
        }
    };
    const fields = (text) => text.slice(text.lastIndexOf(')') + 2).split(' ');
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) parents.set(pid, fields(read(`/proc/${pid}/stat`))[1]);
    const isOurs = (pid) => {
        while (pid && pid !== String(process.pid)) pid = parents.get(pid);
        return Boolean(pid);
    };
    let page = 0;
    let others = 0;
    for (const pid of parents.keys()) {
        if (!isOurs(pid) || !read(`/proc/${pid}/cmdline`).includes('--type=renderer')) continue;
        for (const thread of readdirSync(`/proc/${pid}/task`)) {
            const [user, system] = fields(read(`/proc/${pid}/task/${thread}/stat`)).slice(11, 13);
            const ms = (Number(user) + Number(system)) * 10; // in ticks of 10 ms
            if (thread === pid) page += ms || 0;
            else others += ms || 0;
        }
    }
    return { page, others };
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.ceil(share * numbers.length) - 1)];

/** Measures every page in one tab; `tell` is given a line a page. */
export async function measureFilters({ page, address, scenario, rounds, only, tell, each = () => {} }) {
    page.setDefaultTimeout(300_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.addInitScript(() => {
        window.longTasks = [];
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
        }).observe({ entryTypes: ['longtask'] });
    });
    await page.goto(`${address}?${scenario}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    await page.evaluate(() => window.metricflow.ready);
    await page.evaluate(() => window.metricflow.tests());
    await page.evaluate(() => window.metricflow.learning());
    const results = {};
    for (const [name, route] of Object.entries(PAGES)) {
        if (only && only !== name) continue;
        // Inside the tab: the data stays.
        await page.evaluate(
            ([path, query]) => {
                history.pushState(null, '', `${new URL(path, document.baseURI).pathname}?${query}`);
                dispatchEvent(new PopStateEvent('popstate'));
            },
            [route, scenario],
        );
        await page.waitForFunction(() => {
            const panels = [...document.querySelectorAll('[data-testid^="panel-"][data-pending]')];
            return panels.length > 0 && panels.every((panel) => panel.dataset.pending === 'false' && panel.dataset.state !== 'loading');
        });
        await page.waitForTimeout(500);
        // Once aside, so that every serving table stands and the code is compiled.
        await page.evaluate(change, `${scenario}&segment=power`);
        const runs = [];
        const before = processorMs();
        for (let round = 0; round < rounds; round += 1) {
            for (const query of changes(round)) {
                const run = await page.evaluate(change, `${scenario}&${query}`);
                if (run.asked === 0) throw new Error(`${name}: ${query} asked nothing anew`);
                runs.push(run);
                each(name, query, run);
            }
        }
        const times = runs.map((run) => run.ms);
        const longest = Math.max(0, ...runs.flatMap((run) => run.long));
        const after = processorMs();
        const aChange = (from, to) => Math.round((to - from) / runs.length);
        const processor = { page: aChange(before.page, after.page), others: aChange(before.others, after.others) };
        const result = { p50: at(times, 0.5), p95: at(times, 0.95), longest, processor, runs: runs.length, panels: runs[0].panels };
        results[name] = result;
        tell(name, result);
    }
    return results;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    const { values: options } = parseArgs({
        options: {
            scenario: { type: 'string', default: 'preset=full' },
            rounds: { type: 'string', default: '3' },
            only: { type: 'string', default: '' },
            port: { type: 'string', default: '4181' },
            root: { type: 'string', default: 'dist' },
            verbose: { type: 'boolean', default: false },
        },
    });
    const server = spawn('node', ['scripts/serve.mjs', '--root', options.root, '--port', options.port], { stdio: 'ignore' });
    process.on('exit', () => server.kill());
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        await measureFilters({
            page,
            address: `http://localhost:${options.port}/`,
            scenario: options.scenario,
            rounds: Number(options.rounds),
            only: options.only,
            each: (name, query, run) => {
                if (options.verbose) console.log(name, query, `${run.ms.toFixed(0)} ms, answered ${run.answered.toFixed(0)} ms, ${run.asked} of ${run.panels} asked, long ${run.long.join(' ')}`);
            },
            tell: (name, { p50, p95, longest, processor, runs, panels }) => {
                const task = longest > 0 ? `longest task ${longest.toFixed(0)} ms` : 'no task of 50 ms';
                console.log(`filters, ${name}`.padEnd(28), `p50 ${p50.toFixed(0)} ms`.padStart(12), `p95 ${p95.toFixed(0)} ms`.padStart(12), ` ${task}; processor ${processor.page} ms page, ${processor.others} ms others; ${runs} changes of ${panels} panels`);
            },
        });
    } finally {
        await browser.close();
        server.kill();
    }
}
