// What many runs in one tab leave behind. Linux only: reads the renderer's memory from /proc.
//
//   node benches/endurance.mjs [--root dist] [--reruns 20] [--scenario preset=demo] [--changes 200] [--links 10000] [--seed 1]
//
// 1. Runs again and again: resident memory at rest after each, beside the third's.
// 2. Scenario changes that overtake and cancel each other: the last state beside a fresh tab's, and memory.
// 3. Query strings at random: no panic, no request to another host, no dialog, and the page still runs.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { randomBy } from './random.mjs';

const { values: options } = parseArgs({
    options: {
        root: { type: 'string', default: 'dist' },
        port: { type: 'string', default: '4186' },
        scenario: { type: 'string', default: 'preset=demo' },
        reruns: { type: 'string', default: '20' },
        changes: { type: 'string', default: '200' },
        links: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '1' },
    },
});
const origin = `http://localhost:${options.port}/`;
const server = spawn(process.execPath, ['scripts/serve.mjs', '--root', options.root, '--port', options.port], { stdio: 'ignore' });
process.on('exit', () => server.kill());
await sleep(1000);

const random = randomBy(Number(options.seed));
const below = (count) => Math.floor(random() * count);
const oneOf = (list) => list[below(list.length)];

const failures = [];
const expect = (isRight, words) => {
    if (!isRight) failures.push(words);
    console.log(`${isRight ? 'ok    ' : 'FAILED'} ${words}`);
};

/** Opens a link in a browser of its own, and hears of all that must not happen. */
async function opened(query) {
    const serving = await chromium.launchServer({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--js-flags=--expose-gc'],
    });
    const browser = await chromium.connect(serving.wsEndpoint());
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(600_000);
    const heard = [];
    page.on('pageerror', (error) => heard.push(`error: ${error}`));
    page.on('dialog', (dialog) => {
        heard.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) heard.push(`request: ${url}`);
    });
    await page.goto(`${origin}?${query}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    await page.evaluate(() => window.metricflow.ready);
    const close = async () => {
        await browser.close();
        await serving.close();
    };
    return { page, heard, close, pid: serving.process().pid };
}

/** Everything that the scenario makes: rows, models, data tests, learned models. */
const whole = (page) =>
    page.evaluate(async () => {
        await window.metricflow.ready;
        await window.metricflow.tests();
        await window.metricflow.learning().catch(() => {});
    });

/** Resident megabytes of the largest renderer below a browser, after its rubbish is collected. */
async function megabytesAtRest({ page, pid }) {
    await page.evaluate(() => globalThis.gc?.());
    await sleep(3000);
    const parents = new Map();
    const sizes = new Map();
    for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
            const status = readFileSync(`/proc/${name}/status`, 'utf8');
            parents.set(Number(name), Number(/PPid:\s+(\d+)/.exec(status)[1]));
            if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--type=renderer')) sizes.set(Number(name), Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
        } catch {
            // The process ended while it was read.
        }
    }
    const isBelow = (one) => one === pid || (parents.has(one) && isBelow(parents.get(one)));
    return Math.round(Math.max(...[...sizes].filter(([one]) => isBelow(one)).map(([, size]) => size)));
}

const figures = (page) =>
    page.evaluate(() => ({
        fingerprint: window.metricflow.fingerprint(),
        told: [...document.querySelectorAll('[data-testid="page-sentence"], [data-testid^="kpi-"], [data-testid^="answer-"]')].map((one) => one.textContent),
    }));
const settled = (page) =>
    page.waitForFunction(() => document.querySelectorAll('.panel[data-state="loading"], [data-pending="true"], .kpi .skeleton').length === 0);

if (Number(options.reruns) > 0) {
    const tab = await opened(options.scenario);
    await whole(tab.page);
    const sizes = [];
    for (let run = 1; run <= Number(options.reruns); run += 1) {
        await tab.page.evaluate((query) => window.metricflow.run(query), `${options.scenario}&seed=${1000 + run}`);
        await whole(tab.page);
        sizes.push(await megabytesAtRest(tab));
        console.log(`run ${run}: ${sizes.at(-1)} MB`);
    }
    const most = Math.max(...sizes.slice(3));
    expect(most <= 1.1 * sizes[2], `memory at rest after ${options.reruns} runs of ${options.scenario}: at most ${most} MB, ${(most / sizes[2]).toFixed(2)} × the third's ${sizes[2]} MB`);
    expect(tab.heard.length === 0, `nothing untoward: ${tab.heard.slice(0, 3)}`);
    await tab.close();
}

if (Number(options.changes) > 0) {
    const tab = await opened('preset=tiny');
    await whole(tab.page);
    let early = 0;
    let query = '';
    for (let change = 1; change <= Number(options.changes); change += 1) {
        query = `preset=tiny&${oneOf(['churn', 'refund', 'retry_recovery', 'growth'])}=${1 + below(9)}&seed=${below(50)}`;
        await tab.page.evaluate((query) => void window.metricflow.run(query).catch(() => {}), query);
        // Some are overtaken at once, some in mid-run, some end.
        await sleep(oneOf([0, 30, 200, 700, 1500, 4000]));
        if (random() < 0.2) await tab.page.getByRole('button', { name: 'Cancel' }).first().click({ timeout: 300 }).catch(() => {});
        if (change === Math.floor(Number(options.changes) / 4)) {
            await whole(tab.page).catch(() => {});
            early = await megabytesAtRest(tab);
        }
    }
    await tab.page.evaluate((query) => window.metricflow.run(query).catch(() => {}), query);
    await whole(tab.page);
    await settled(tab.page);
    const late = await megabytesAtRest(tab);
    const here = await figures(tab.page);
    const fresh = await opened(new URL(tab.page.url()).search.slice(1));
    await whole(fresh.page);
    await settled(fresh.page);
    const there = await figures(fresh.page);
    expect(JSON.stringify(here) === JSON.stringify(there), `after ${options.changes} changes the page holds what a fresh tab holds: ${here.fingerprint}, ${there.fingerprint}, ${here.told.length} texts`);
    expect(late <= 1.1 * early, `memory at rest: ${early} MB after a quarter of them, ${late} MB at the end`);
    expect(tab.heard.length === 0, `nothing untoward: ${tab.heard.slice(0, 3)}`);
    await Promise.all([tab.close(), fresh.close()]);
}

if (Number(options.links) > 0) {
    const tab = await opened('preset=tiny');
    const keys = await tab.page.evaluate(() => [...new Set(window.metricflow.scenario().split('&').map((pair) => pair.split('=')[0]))]);
    keys.push('preset', 'seed', 'users', 'months', 'as_of', 'range', 'compare', 'plan', 'channel', 'country', 'size', 'segment', 'panel', 'table', 'sort', 'theme', 'model', 'tab', 'find', 'hops', 'offline', 'keep', '__proto__', 'constructor', '');
    const odd = ['', '0', '-1', '1e309', 'NaN', '99999999999999999999', '0x10', '%', '%00', '%ff%fe', '<img src=//example.com/x onerror=alert(1)>', 'javascript:alert(1)', "'; drop table users; --", '{{ 7 * 7 }}', '../../etc', '💥', '\u202eabc', 'a'.repeat(3000), '2025-02-30', 'tiny', 'true', '1,2,,3', 'all'];
    const value = () => (random() < 0.5 ? oneOf(odd) : String.fromCodePoint(...Array.from({ length: 1 + below(12) }, () => 32 + below(random() < 0.9 ? 95 : 55_000))));
    const began = Date.now();
    const most = Number(options.links);
    for (let count = 0; count < most; count += 200) {
        const links = Array.from({ length: Math.min(200, most - count) }, () =>
            Array.from({ length: 1 + below(6) }, () => (random() < 0.8 ? `${oneOf(keys)}=${encodeURIComponent(value().toWellFormed())}` : value().toWellFormed().replaceAll('#', ''))).join('&'),
        );
        await tab.page.evaluate(async (links) => {
            for (const link of links) {
                history.pushState(null, '', `${location.pathname}?${link}`);
                dispatchEvent(new PopStateEvent('popstate'));
                await new Promise((done) => setTimeout(done, 4));
            }
        }, links);
        // Now and then a run is let go on for a while, and a page changes.
        if (random() < 0.3) await sleep(500);
        await tab.page.evaluate((route) => {
            history.pushState(null, '', `/${route}${location.search}`);
            dispatchEvent(new PopStateEvent('popstate'));
        }, oneOf(['', 'retention/', 'revenue/', 'funnel/', 'adoption/', 'churn/', 'models/', 'lineage/', 'quality/', 'scenario/', 'truth/', 'definitions/']));
    }
    console.log(`${most} links in ${Math.round((Date.now() - began) / 1000)} s`);
    await tab.page.evaluate(() => {
        history.pushState(null, '', '/?preset=tiny');
        dispatchEvent(new PopStateEvent('popstate'));
    });
    await tab.page.waitForFunction(() => window.metricflow.status().phase === 'ready' && window.metricflow.scenario() === 'preset=tiny');
    const fingerprint = await tab.page.evaluate(() => window.metricflow.fingerprint());
    const known = JSON.parse(readFileSync('tests/checksums/tiny.json', 'utf8')).fingerprint;
    expect(fingerprint === known, `after ${most} query strings the page gives Tiny: ${fingerprint}`);
    expect(tab.heard.length === 0, `no error, request or dialog: ${[...new Set(tab.heard)].slice(0, 5).join(' | ')}`);
    await tab.close();
}
process.exit(failures.length > 0 ? 1 : 0);
