// Workers and renderers that die at random moments of a run: does the page recover by itself, or say so within 5 s, and does
// it end with the figures of an undisturbed run? Ends with a table of what was killed and what came of it.
//
//   node benches/kills.mjs [--root dist] [--kills 200] [--seed 1] [--only engine|throw|generation|learning|template|renderer]
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { randomBy } from './random.mjs';

const { values: options } = parseArgs({
    options: {
        root: { type: 'string', default: 'dist' },
        port: { type: 'string', default: '4188' },
        kills: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string' },
    },
});
const origin = `http://localhost:${options.port}/`;
const server = spawn(process.execPath, ['scripts/serve.mjs', '--root', options.root, '--port', options.port], { stdio: 'ignore' });
process.on('exit', () => server.kill());
await sleep(1000);

const random = randomBy(Number(options.seed));
const oneOf = (list) => list[Math.floor(random() * list.length)];

/** A run of Tiny in an open tab, its data tests and its learning take so long. */
const RUN_MS = 12_000;
const SOON_MS = 5_000;
const LONG_MS = 90_000;
const SCENARIOS = ['preset=tiny&seed=1', 'preset=tiny&seed=2'];
const PROGRAMS = { engine: 'duckdb', throw: 'duckdb', generation: 'generation', learning: 'learning', template: 'template' };

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
});

/** Remembers the page's workers, so that one can be ended. */
function rememberWorkers() {
    const workers = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
        constructor(url, options) {
            super(url, options);
            workers.push({ name: options?.name ?? '', worker: this, isOver: false });
        }
        terminate() {
            workers.find(({ worker }) => worker === this).isOver = true;
            super.terminate();
        }
    };
    window.workers = workers;
}

async function opened(query) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    page.setDefaultTimeout(LONG_MS);
    await page.addInitScript(rememberWorkers);
    await page.addInitScript(() => localStorage.setItem('metricflow-keep-results', 'off'));
    await page.goto(`${origin}?${query}`, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.metricflow !== undefined);
    return page;
}

/** What the page tells of a fault, in the reader's words; an empty text if nothing. */
const told = (page) =>
    page.evaluate(() => {
        const shown = [...document.querySelectorAll('[role="alert"], [data-testid="run-failed"], [data-testid="run-still"], [data-testid="progress"], [data-state="failed"]')];
        return shown.map((one) => one.textContent).filter((text) => /Restor|again|stopped|ended|could not|failed/i.test(text)).join(' | ').slice(0, 200);
    });

/** How far a run has come; it stands still while this is the same. */
const progress = (page) =>
    page.evaluate(() => {
        const { phase, stages } = window.metricflow.status();
        return JSON.stringify([phase, stages.map(({ state, done }) => [state, done])]);
    });

/** Everything a run makes: phase, fingerprint, a count by the engine, failed data tests, the state of each learned model. */
const outcome = (page) =>
    page.evaluate(
        async (patience) => {
            const limit = (promise, what) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(`${what}: nothing in ${patience} ms`)), patience))]);
            const { metricflow } = window;
            while (metricflow.status().phase === 'running') await new Promise((done) => setTimeout(done, 50));
            if (metricflow.status().phase !== 'ready') return { phase: metricflow.status().phase };
            const tests = await limit(metricflow.tests(), 'data tests');
            const learned = await limit(metricflow.learning(), 'learning');
            const [{ n }] = await limit(metricflow.query('select count(*) as n from raw.users'), 'a statement');
            return {
                phase: metricflow.status().phase,
                fingerprint: metricflow.fingerprint(),
                users: Number(n),
                tests: tests.length,
                failed: tests.filter(({ status, state }) => (status ?? state) === 'fail').length,
                learned: Object.entries(learned).map(([name, { state }]) => `${name} ${state}`).sort().join(', '),
            };
        },
        LONG_MS / 2,
    );

/** Lets the newest worker of a program die that was not ended already; false if there is none. */
async function kill(page, target) {
    if (target === 'throw') {
        const workers = page.workers();
        const isEngine = await Promise.all(workers.map((worker) => Promise.race([worker.evaluate(() => 'DUCKDB_BINDINGS' in self).catch(() => false), sleep(1000).then(() => false)])));
        const engine = workers.findLast((_, index) => isEngine[index]);
        if (!engine) return false;
        await engine.evaluate(() => void setTimeout(() => { throw new Error('seeded'); }, 0)).catch(() => {});
        return true;
    }
    return page.evaluate((name) => {
        const one = window.workers.findLast((member) => member.name.includes(name) && !member.isOver);
        if (!one) return false;
        // As a browser does that needs its memory: nobody is told.
        Object.getPrototypeOf(Object.getPrototypeOf(one.worker)).terminate.call(one.worker);
        return true;
    }, PROGRAMS[target]);
}

/** What undisturbed runs give. */
const right = new Map();
let page = await opened(SCENARIOS[0]);
for (const scenario of SCENARIOS) {
    await page.evaluate((query) => window.metricflow.run(query), scenario);
    right.set(scenario, JSON.stringify(await outcome(page)));
    console.log(`${scenario}: ${right.get(scenario)}`);
}

const isReady = () => page.evaluate(() => window.metricflow.status().phase === 'ready').catch(() => false);
/** A page that is used again must be whole; a fresh one takes 10 s. */
async function renew(scenario) {
    await page.context().close().catch(() => {});
    page = await opened(scenario);
}

const results = [];
let scenario = SCENARIOS.at(-1);
const targets = options.only ? [options.only] : [...Object.keys(PROGRAMS), 'renderer'];
for (let count = 1; count <= Number(options.kills); count += 1) {
    const [target, moment] = [oneOf(targets), Math.floor(random() * RUN_MS)];
    // Mostly in a run, now and then at rest.
    if (random() < 0.85) scenario = SCENARIOS.find((other) => other !== scenario);
    const result = { target, at: '', came: '', isSoon: true, isRight: true, note: '' };
    results.push(result);
    try {
        // Some are killed while a page starts.
        const isFresh = random() < 0.3 || !(await isReady());
        if (isFresh) await renew(scenario);
        else await page.evaluate((query) => void window.metricflow.run(query).catch(() => {}), scenario);
        await sleep(moment);
        result.at = await page.evaluate(() => {
            const { phase, stages } = window.metricflow.status();
            return phase === 'running' ? (stages.find(({ state }) => state === 'running')?.stage ?? 'between') : phase;
        });
        if (target === 'renderer') {
            const session = await page.context().newCDPSession(page);
            session.send('Page.crash').catch(() => {});
            await sleep(500);
            // The browser says so itself; a reader loads the link again.
            await renew(scenario);
            result.came = 'loaded again';
        } else if (!(await kill(page, target))) {
            result.came = 'none was there';
        } else {
            const [began, before] = [Date.now(), await progress(page)];
            let words = '';
            while (words === '' && Date.now() - began < SOON_MS) {
                words = await told(page);
                await sleep(20);
            }
            result.came = words === '' ? 'went on' : 'said';
            result.note = words;
            // What says nothing must be at rest, or come on.
            result.isSoon = words !== '' || (await isReady()) || (await progress(page)) !== before;
            if (!result.isSoon) result.note = `nothing said, and nothing came on: ${before}`;
        }
        let came = await Promise.race([outcome(page), sleep(LONG_MS).then(() => ({ phase: 'no end' }))]);
        if (came.phase === 'failed') {
            result.came = 'said, one click';
            await page.getByRole('button', { name: 'Run again' }).first().click({ timeout: 5_000 });
            await sleep(200);
            came = await Promise.race([outcome(page), sleep(LONG_MS).then(() => ({ phase: 'no end' }))]);
        }
        result.isRight = JSON.stringify(came) === right.get(scenario);
        if (!result.isRight) result.note = `${JSON.stringify(came)} after: ${result.note}`;
    } catch (error) {
        Object.assign(result, { isRight: false, note: String(error).split('\n')[0] });
    }
    const isGood = result.isRight && result.isSoon;
    console.log(`${isGood ? 'ok    ' : 'FAILED'} ${count}: ${target} at ${moment} ms (${result.at}): ${result.came} ${result.note}`);
    if (!isGood) await renew(scenario);
}

const OUTCOMES = ['none was there', 'went on', 'said', 'said, one click', 'loaded again'];
console.log(`| killed | ${OUTCOMES.join(' | ')} | wrong |\n| --- |${' --- |'.repeat(OUTCOMES.length + 1)}`);
for (const target of targets) {
    const own = results.filter((result) => result.target === target);
    const counts = OUTCOMES.map((name) => own.filter(({ came, isRight }) => isRight && came === name).length);
    console.log(`| ${target} | ${counts.join(' | ')} | ${own.filter(({ isRight, isSoon }) => !isRight || !isSoon).length} |`);
}
await browser.close();
process.exit(results.every(({ isRight, isSoon }) => isRight && isSoon) ? 0 : 1);
