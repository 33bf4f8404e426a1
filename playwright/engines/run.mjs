// Journeys in three engines as they are installed: Chromium, Firefox (which Playwright cannot drive so) and WebKitGTK.
// What a journey records must be the same in all of them. Ends with a table of times beside Chromium's.
//
//   node playwright/engines/run.mjs [--engine chromium|firefox|webkit] [--only words] [--root dist] [--port 4180]
//
// A driver is an object of one browser: open, evaluate (an expression; promises are waited for), click, tap, press,
// resize, screenshot, errors, close. A journey is { name, run(page) }; it opens what it needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, firefox } from './drivers/puppeteer.mjs';
import { webkit } from './drivers/webkit.mjs';
import dashboards from './journeys/dashboards.mjs';
import menus from './journeys/menus.mjs';
import work from './journeys/work.mjs';
import { EnginePage } from './page.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    only: { type: 'string', default: '' },
    root: { type: 'string', default: process.env.DIST ?? 'dist' },
    port: { type: 'string', default: process.env.PORT ?? '4180' },
  },
});
const engines = Object.entries({ chromium, firefox, webkit }).filter(([name]) => values.engine === undefined || name === values.engine);
const journeys = [...menus, ...dashboards, ...work].filter(({ name }) => name.includes(values.only));
if (engines.length === 0 || journeys.length === 0) throw new Error('nothing to run');

const folder = path.join(import.meta.dirname, '../..');
const origin = `http://localhost:${values.port}/`;
const server = spawn(process.execPath, ['scripts/serve.mjs', '--root', values.root, '--port', values.port], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');

const told = [];
try {
  for (const [engine, start] of engines) told.push(await runIn(engine, start));
} finally {
  server.kill();
}
const differing = differences(told);
for (const difference of differing) console.log(`DIFFERS ${difference}`);
console.log(table(told));
process.exitCode = differing.length > 0 || told.some(({ failed }) => failed > 0) ? 1 : 0;

/** What the first browser recorded and another holds otherwise, or one of them does not have. */
function differences([first, ...others]) {
  return others.flatMap((other) =>
    [...new Set([...first.records.keys(), ...other.records.keys()])].flatMap((what) => {
      const [here, there] = [first, other].map(({ records }) => records.get(what)?.split('\n') ?? []);
      const at = here.findIndex((line, index) => line !== there[index]);
      if (at < 0 && here.length === there.length) return [];
      return [`${what}: ${first.name} has ${here.at(at) ?? 'nothing'}, ${other.name} has ${there.at(at) ?? 'nothing'}`];
    }),
  );
}

/** Seconds a journey took in the first browser, and how many times as long in the others. */
function table([first, ...others]) {
  const rows = journeys.map(({ name }) => {
    const ratios = others.map(({ seconds, failures }) => (failures.has(name) ? 'failed' : `× ${(seconds.get(name) / first.seconds.get(name)).toFixed(1)}`));
    return [name, first.failures.has(name) ? 'failed' : `${first.seconds.get(name).toFixed(1)} s`, ...ratios];
  });
  const heads = ['journey', ...[first, ...others].map(({ name }) => name)];
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

async function runIn(engine, start) {
  const seconds = new Map();
  const failures = new Set();
  const page = await EnginePage.of(start, origin);
  const { name: browser } = page.driver;
  try {
    for (const { name, run } of journeys) {
      const began = Date.now();
      const outcome = await run(page).then(() => null, (error) => error);
      seconds.set(name, (Date.now() - began) / 1000);
      if (outcome !== null) failures.add(name);
      console.log(`${outcome === null ? 'ok    ' : 'FAILED'} ${browser}: ${name} (${seconds.get(name).toFixed(1)} s)`);
      if (outcome !== null) {
        console.log(String(outcome.stack ?? outcome).replaceAll(/^/gm, '    '));
        mkdirSync(path.join(folder, 'test-results'), { recursive: true });
        const picture = path.join(folder, 'test-results', `${engine}-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`);
        await page.driver.screenshot().then((bytes) => writeFileSync(picture, bytes), () => {});
      }
    }
  } finally {
    await page.driver.close();
  }
  console.log(`${browser}: ${journeys.length - failures.size} passed, ${failures.size} failed`);
  return { name: browser, seconds, failures, failed: failures.size, records: page.records };
}
