// Firefox, driven through WebDriver BiDi by puppeteer-core.
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

/** Starts Firefox with an empty profile. See `run.mjs` for what a driver is. */
export async function firefox({ width, height }) {
  const executablePath = process.env.FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, defaultViewport: { width, height } });
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    name: `Firefox ${(await browser.version()).replace(/^\D*/, '')}`,
    open: (url) => page.goto(url, { timeout: 120_000 }),
    evaluate: (source) => page.evaluate(source),
    click: (x, y) => page.mouse.click(x, y, { delay: 30 }),
    tap: (x, y) => page.touchscreen.tap(x, y),
    press: (key) => page.keyboard.press(key),
    resize: (size) => page.setViewport(size),
    screenshot: async () => Buffer.from(await page.screenshot()),
    errors: () => errors,
    close: () => browser.close(),
  };
}
