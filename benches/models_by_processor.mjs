// The models' statements in DuckDB-WASM against native DuckDB with one thread, by processor time, so that other work on the
// machine hardly matters. The page loads the scenario and builds it once; then each model is built again, on a connection of
// our own to the same engine, and the processor time of the engine's thread is read around each statement.
//
//   node benches/models_by_processor.mjs [--scenario preset=full] [--passes 3] [--root dist]
//
// Linux only (/proc). Passes after the first show the engine with its code compiled to the end.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: options } = parseArgs({
    options: {
        scenario: { type: 'string', default: 'preset=full' },
        passes: { type: 'string', default: '3' },
        port: { type: 'string', default: '4181' },
        root: { type: 'string', default: 'dist' },
        generate: { type: 'string', default: `${process.env.CARGO_TARGET_DIR ?? 'target'}/release/generate` },
    },
});
const address = `http://localhost:${options.port}/`;
const data = `${process.env.CARGO_TARGET_DIR ?? 'target'}/bench`;
const python = `${process.env.METRICFLOW_CACHE ?? `${process.env.HOME}/.cache/metricflow`}/python/bin/python`;
const passes = Number(options.passes);
const CHECKPOINT_FROM_ROWS = 400_000;

const server = spawn('node', ['scripts/serve.mjs', '--root', options.root, '--port', options.port], { stdio: 'ignore' });
process.on('exit', () => server.kill());
await new Promise((resolve) => setTimeout(resolve, 1500));

const launched = await chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
});
const browser = await chromium.connect(launched.wsEndpoint());
const page = await browser.newPage();
page.setDefaultTimeout(0);
await page.addInitScript(() => {
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(url, kind) {
            super(url, kind);
            if (String(url).includes('duckdb')) window.engine = this;
        }
    };
});
await page.goto(`${address}scenario/?${options.scenario}`);
await page.waitForFunction(() => window.metricflow !== undefined);
await page.evaluate(() => window.metricflow.ready);
const models = await page.evaluate(() => window.metricflow.models());
// Data tests use the same thread, and the serving layer before them.
await page.evaluate(() => window.metricflow.tests());
// The learning worker would be busier than the engine, and be taken for it.
await page.evaluate(() => window.metricflow.learning());

await page.evaluate(async () => {
    // Far from the page's own numbers; it ignores answers that it did not ask for.
    let number = 1_000_000;
    const waiting = new Map();
    window.engine.addEventListener('message', ({ data }) => {
        const settle = waiting.get(data.requestId);
        if (!settle || data.type === 'LOG') return;
        waiting.delete(data.requestId);
        if (data.type === 'ERROR') settle[1](new Error(data.data.message));
        else settle[0](data.data);
    });
    window.call = (type, data) =>
        new Promise((resolve, reject) => {
            number += 1;
            waiting.set(number, [resolve, reject]);
            window.engine.postMessage({ messageId: number, type, data });
        });
    window.connection = await window.call('CONNECT', null);
    window.statement = async (sql) => void (await window.call('RUN_QUERY', [window.connection, sql]));
});
const statement = (sql) => page.evaluate((text) => window.statement(text), sql);
const [{ name: database }] = await page.evaluate(() => window.metricflow.query('select current_database() as name'));
await statement(`use ${database}`);

const parent = (pid) => Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1]);
const isOurs = (pid) => pid === launched.process().pid || (pid > 1 && isOurs(parent(pid)));
const timeOf = (path) => Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** Processor milliseconds of every worker's thread in our browser, by its folder in /proc. */
function workers() {
    const times = new Map();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
            if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer') || !isOurs(Number(pid))) continue;
            for (const thread of readdirSync(`/proc/${pid}/task`)) {
                const path = `/proc/${pid}/task/${thread}`;
                if (readFileSync(`${path}/comm`, 'utf8').startsWith('DedicatedWorker')) times.set(path, timeOf(path));
            }
        } catch {
            // It ended while it was read.
        }
    }
    return times;
}
const before = workers();
await statement('select count(distinct event_id % 1000003) from raw.events');
const [engine] = [...workers()].sort((a, b) => b[1] - (before.get(b[0]) ?? 0) - (a[1] - (before.get(a[0]) ?? 0)))[0];
const used = () => timeOf(engine);

const tab = new Map();
for (let pass = 0; pass < passes; pass += 1) {
    for (const { name, layer, rows, compiled_sql: sql } of models) {
        const began = used();
        await statement(`create or replace ${rows === null ? 'view' : 'table'} ${layer}.${name} as\n${sql}`);
        if ((rows ?? 0) >= CHECKPOINT_FROM_ROWS) await statement('checkpoint');
        tab.set(name, [...(tab.get(name) ?? []), used() - began]);
    }
}
await launched.close();
server.kill();

mkdirSync(data, { recursive: true });
execFileSync(options.generate, [options.scenario, '--out', data], { stdio: 'ignore' });
writeFileSync(`${data}/models.json`, JSON.stringify(models));
const natively = new Map();
for (let pass = 0; pass < passes; pass += 1) {
    const timed = execFileSync(python, ['benches/native_models.py', data, '--processor'], { encoding: 'utf8' });
    for (const [name, ms] of Object.entries(JSON.parse(timed))) natively.set(name, [...(natively.get(name) ?? []), ms]);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const geometricMean = (numbers) => Math.exp(numbers.reduce((sum, x) => sum + Math.log(x), 0) / numbers.length);
const line = (what, first, later, native) =>
    console.log(`${what.padEnd(28)} ${first.toFixed(0).padStart(7)} ms ${later.toFixed(0).padStart(7)} ms  native ${native.toFixed(0).padStart(6)} ms  ratio ${(later / native).toFixed(2)}`);
const ratios = { first: [], later: [] };
const sums = [0, 0, 0];
for (const [name, times] of tab) {
    const figures = [times[0], median(times.slice(1)), median(natively.get(name))];
    if (figures[2] > 2) {
        ratios.first.push(figures[0] / figures[2]);
        ratios.later.push(figures[1] / figures[2]);
    }
    figures.forEach((figure, index) => (sums[index] += figure));
    line(name, ...figures);
}
line('together', ...sums);
console.log(`geometric mean ${geometricMean(ratios.later).toFixed(2)} (first pass ${geometricMean(ratios.first).toFixed(2)}), worst ${Math.max(...ratios.later).toFixed(2)}, of ${ratios.later.length} models over 2 ms`);
