// WebKitGTK, driven through WebDriver over plain HTTP, on a screen of its own (Xvfb).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// What the W3C calls the keys that tests press.
const keys = { Escape: '\uE00C', Tab: '\uE004', Enter: '\uE006', ' ': ' ', ArrowDown: '\uE015', End: '\uE010', Control: '\uE009' };

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function miniBrowser() {
  const libraries = '/usr/lib';
  const folders = readdirSync(libraries).flatMap((machine) => {
    try {
      const inside = readdirSync(`${libraries}/${machine}`).filter((name) => name.startsWith('webkit2gtk-4'));
      return inside.map((name) => `${libraries}/${machine}/${name}`);
    } catch {
      return [];
    }
  });
  const folder = folders.find((name) => readdirSync(name).includes('MiniBrowser'));
  if (folder === undefined) throw new Error('MiniBrowser is missing: install webkit2gtk-driver');
  return `${folder}/MiniBrowser`;
}

/** The first free screen of Xvfb, which writes its number once it listens. */
async function screen(children, { width, height }) {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  children.push(server);
  const [number] = await once(server.stdio[3], 'data');
  return `:${String(number).trim()}`;
}

/** Starts WebKitGTK's MiniBrowser. See `run.mjs` for what a driver is. */
export async function webkit({ width, height }) {
  const children = [];
  const end = () => children.reverse().forEach((child) => child.kill('SIGKILL'));
  try {
    return await started(children, end, { width, height });
  } catch (error) {
    end();
    throw error;
  }
}

async function started(children, end, { width, height }) {
  // Room for the widest window that a journey asks for, whichever comes first.
  const display = await screen(children, { width: 1640, height: 1100 });
  const port = await freePort();
  children.push(
    spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env: {
        ...process.env,
        DISPLAY: display,
        GDK_BACKEND: 'x11',
        // There is no graphics card where tests run.
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
        LIBGL_ALWAYS_SOFTWARE: '1',
        // On two cores the compiler of last resort takes the time that the database needs: a first page took 141 s
        // with it and 34 s without.
        JSC_useOMGJIT: '0',
        // Its sandbox needs user namespaces, which containers don't have.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      },
      stdio: process.env.DEBUG ? 'inherit' : 'ignore',
    }),
  );
  const ask = async (method, path, body, withinMs = 600_000) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(withinMs),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  };
  for (let tries = 0; ; tries += 1) {
    const status = await ask('GET', '/status').catch(() => null);
    if (status?.ready) break;
    if (tries > 100) throw new Error('WebKitWebDriver did not start');
    await sleep(100);
  }
  const { sessionId, capabilities } = await ask('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } } },
  });
  const session = `/session/${sessionId}`;
  const resize = async (size) => {
    const inner = () => ask('POST', `${session}/execute/sync`, { script: 'return [innerWidth, innerHeight]', args: [] });
    await ask('POST', `${session}/window/rect`, { width: size.width, height: size.height });
    // The window's rectangle includes its frame and toolbar, which is never narrower than some 450 px.
    const [w, h] = await inner();
    await ask('POST', `${session}/window/rect`, { width: 2 * size.width - w, height: 2 * size.height - h });
  };
  await ask('POST', `${session}/timeouts`, { script: 600_000, pageLoad: 120_000 });
  await resize({ width, height });
  const pointer = (pointerType, x, y) =>
    ask('POST', `${session}/actions`, {
      actions: [
        {
          type: 'pointer',
          id: pointerType,
          parameters: { pointerType },
          actions: [
            { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y), origin: 'viewport' },
            { type: 'pointerDown', button: 0 },
            { type: 'pause', duration: 30 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      ],
    });
  return {
    name: `WebKitGTK ${capabilities.browserVersion}`,
    open: (url) => ask('POST', `${session}/url`, { url }),
    // A promise that the expression gives is waited for.
    evaluate: async (source) => {
      const script = `const done = arguments[0]; Promise.resolve().then(() => (${source})).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
      const answer = await ask('POST', `${session}/execute/async`, { script, args: [] });
      if (answer?.error !== undefined) throw new Error(answer.error);
      return answer?.value;
    },
    click: (x, y) => pointer('mouse', x, y),
    // GTK's driver has no touch screen and uses the mouse.
    tap: (x, y) => pointer('touch', x, y),
    press: (...pressed) => {
      const values = pressed.map((key) => keys[key] ?? key);
      const actions = [...values.map((value) => ({ type: 'keyDown', value })), ...values.toReversed().map((value) => ({ type: 'keyUp', value }))];
      return ask('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] });
    },
    resize,
    // Without a graphics card it may never answer.
    screenshot: async () => Buffer.from(await ask('GET', `${session}/screenshot`, undefined, 10_000), 'base64'),
    // WebDriver does not report the console.
    errors: () => [],
    close: async () => {
      await ask('DELETE', session, undefined, 5_000).catch(() => {});
      end();
    },
  };
}
