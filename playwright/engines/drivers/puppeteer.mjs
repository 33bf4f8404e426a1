// Firefox and Chromium, driven by puppeteer-core: through WebDriver BiDi and the DevTools protocol.
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

/** Starts Firefox with an empty profile. See `run.mjs` for what a driver is. */
export function firefox(size) {
  const executablePath = process.env.FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);
  return driver('Firefox', size, { browser: 'firefox', executablePath });
}

/** Starts Chromium with an empty profile. */
export function chromium(size) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return driver('Chromium', size, { browser: 'chrome', executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

async function driver(name, { width, height }, options) {
  const browser = await puppeteer.launch({ ...options, headless: true, defaultViewport: { width, height } });
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    name: `${name} ${(await browser.version()).replace(/^\D*/, '')}`,
    open: (url) => page.goto(url, { timeout: 120_000 }),
    evaluate: (source) => page.evaluate(source),
    click: (x, y) => page.mouse.click(x, y, { delay: 30 }),
    tap: (x, y) => page.touchscreen.tap(x, y),
    press: async (...keys) => {
      const [last, ...held] = keys.toReversed();
      for (const key of held.toReversed()) await page.keyboard.down(key);
      await page.keyboard.press(last);
      for (const key of held) await page.keyboard.up(key);
    },
    resize: (size) => page.setViewport(size),
    screenshot: async () => Buffer.from(await page.screenshot()),
    errors: () => errors,
    close: () => browser.close(),
  };
}
