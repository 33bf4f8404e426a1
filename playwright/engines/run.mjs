// Journeys in the browsers that Playwright cannot drive as they are installed: Firefox and WebKitGTK.
//
//   node playwright/engines/run.mjs [--engine firefox|webkit] [--only words] [--root dist] [--port 4180]
//
// A driver is an object of one browser: open, evaluate (an expression; promises are waited for), click, tap, press,
// resize, screenshot, errors, close. A journey is { name, run(page) }; it opens what it needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { firefox } from './drivers/firefox.mjs';
import { webkit } from './drivers/webkit.mjs';
import dashboards from './journeys/dashboards.mjs';
import menus from './journeys/menus.mjs';
import { EnginePage } from './page.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    only: { type: 'string', default: '' },
    root: { type: 'string', default: process.env.DIST ?? 'dist' },
    port: { type: 'string', default: process.env.PORT ?? '4180' },
  },
});
const engines = Object.entries({ firefox, webkit }).filter(([name]) => values.engine === undefined || name === values.engine);
const journeys = [...menus, ...dashboards].filter(({ name }) => name.includes(values.only));
if (engines.length === 0 || journeys.length === 0) throw new Error('nothing to run');

const folder = path.join(import.meta.dirname, '../..');
const origin = `http://localhost:${values.port}/`;
const server = spawn(process.execPath, ['scripts/serve.mjs', '--root', values.root, '--port', values.port], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');

let failed = 0;
try {
  for (const [engine, start] of engines) failed += await runIn(engine, start);
} finally {
  server.kill();
}
process.exitCode = failed > 0 ? 1 : 0;

async function runIn(engine, start) {
  const counts = { passed: 0, failed: 0 };
  const page = await EnginePage.of(start, origin);
  try {
    for (const { name, run } of journeys) {
      const began = Date.now();
      const outcome = await run(page).then(() => null, (error) => error);
      counts[outcome === null ? 'passed' : 'failed'] += 1;
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      console.log(`${outcome === null ? 'ok    ' : 'FAILED'} ${page.driver.name}: ${name} (${seconds} s)`);
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
  console.log(`${page.driver.name}: ${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed;
}
