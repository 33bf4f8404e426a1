// The page as a reader of any browser meets it: what is seen is found by test id, and clicked where people click.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const quoted = (text) => JSON.stringify(text);
export const byTestId = (id) => `[data-testid="${id}"]`;

export class EnginePage {
  /** A page of the browser that `start` gives; `origin` is the site's root. */
  static async of(start, origin) {
    const page = new EnginePage();
    const size = { width: 1440, height: 900 };
    Object.assign(page, { start, origin, size, driver: await start(size), restarts: 0, records: new Map() });
    return page;
  }

  resize(size) {
    this.size = size;
    return this.driver.resize(size);
  }

  evaluate(source) {
    return this.driver.evaluate(source);
  }

  /** Asks until the answer is what is wanted; says what it was if it never is. */
  async until(source, wanted = true, withinMs = 30_000) {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = await this.evaluate(source).catch((error) => `${error}`);
      if (found === wanted) return;
      if (Date.now() > end) assert.equal(found, wanted, source);
      await sleep(100);
    }
  }

  /** Opens a path below the site's root and waits until its data stands. */
  async open(path) {
    const failure = await this.load(path);
    if (failure === null) return;
    // Once, and said: a second time is a failure.
    assert.equal(this.restarts, 0, failure);
    this.restarts += 1;
    console.log(`WARNING ${this.driver.name}: the data did not come, and the browser is started again: ${failure}`);
    await this.driver.close();
    this.driver = await this.start(this.size);
    assert.equal(await this.load(path), null);
  }

  /** Opens a path; gives null once its data stands, and where it does not come all that the page says of it. */
  async load(path) {
    await this.driver.open(`${this.origin}${path}`);
    await this.until('window.metricflow !== undefined', true, 60_000);
    // In pieces: a promise that is waited for too long ends the connection of some drivers.
    const ended = "['ready', 'failed'].includes(window.metricflow.status().phase)";
    await this.until(ended, true, 180_000).catch(() => {});
    const { phase, ...status } = await this.evaluate('window.metricflow.status()');
    if (phase === 'ready') return null;
    // A page whose timers stand still is the browser's doing: the page's own watchdogs can't speak.
    await this.evaluate('void setTimeout(() => { window.timersRun = true; }, 100)');
    await sleep(5_000);
    const state = await this.evaluate('`timers run: ${window.timersRun === true}, ${document.visibilityState}`');
    return `${phase}, ${state}: ${JSON.stringify(status)}\n${await this.evaluate('document.body.innerText.slice(0, 800)')}`;
  }

  /** Goes to another link of the same scenario without loading the page again, as a back step does. */
  async goTo(query) {
    if (!(await this.evaluate('window.metricflow !== undefined'))) return this.open(query);
    await this.evaluate(`(() => {
      history.pushState(null, '', new URL(${quoted(query)}, document.baseURI));
      dispatchEvent(new PopStateEvent('popstate'));
    })()`);
    return this.settled();
  }

  /** Waits until what is shown answers what is asked. */
  async settled() {
    await this.until(`document.querySelectorAll('.panel[data-state="loading"], [data-pending="true"]').length`, 0, 120_000);
  }

  /** Presses Tab until the element with a test id has the focus. */
  async tabTo(id, most = 30) {
    for (let presses = 0; presses < most; presses += 1) {
      await this.press('Tab');
      if ((await this.evaluate('document.activeElement.dataset.testid')) === id) return;
    }
    assert.fail(`${id} was not reached by ${most} presses of Tab`);
  }

  count(selector) {
    return this.evaluate(`document.querySelectorAll(${quoted(selector)}).length`);
  }

  exists(selector, wanted = true) {
    return this.until(`document.querySelector(${quoted(selector)}) !== null`, wanted);
  }

  /** Scrolls an element into sight; gives a place on it, by shares of its box from the left and the top. */
  async place(selector, across = 0.5, down = 0.5) {
    await this.exists(selector);
    // Answers that come in meanwhile may move it: nobody clicks at what is moving.
    await this.settled();
    const measure = `(() => {
      const element = document.querySelector(${quoted(selector)});
      element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left, top, width, height };
    })()`;
    let box = await this.evaluate(measure);
    for (let still = 0; still < 3; ) {
      await sleep(50);
      const now = await this.evaluate(measure);
      still = JSON.stringify(now) === JSON.stringify(box) ? still + 1 : 0;
      box = now;
    }
    assert(box.width > 0 && box.height > 0, `${selector} is not drawn`);
    return [box.left + box.width * across, box.top + box.height * down];
  }

  /** Clicks in the middle of an element, or at another place on it. */
  async click(selector, across, down) {
    await this.driver.click(...(await this.place(selector, across, down)));
  }

  async tap(selector, across, down) {
    await this.driver.tap(...(await this.place(selector, across, down)));
  }

  /** A key, or keys held together: `Control+End`. */
  press(keys) {
    return this.driver.press(...keys.split('+'));
  }

  /** Types a text, one key after the other. */
  async type(text) {
    for (const character of text) await this.driver.press(character);
  }

  /** Keeps what the page holds, to be compared with what other browsers hold. */
  record(what, held) {
    this.records.set(what, JSON.stringify(held, null, 1));
  }

  query(sql) {
    return this.evaluate(`window.metricflow.query(${quoted(sql)})`);
  }

  parameter(key) {
    return this.evaluate(`new URL(location.href).searchParams.get(${quoted(key)})`);
  }

  /** Waits until the link holds a value. */
  hasParameter(key, value) {
    return this.until(`new URL(location.href).searchParams.get(${quoted(key)})`, value);
  }

  /** Waits until every panel of the page has drawn what it is to show, and gives how many there are. */
  async drawn() {
    await this.exists('.panel');
    await this.settled();
    await this.evaluate(`(async () => {
      // Charts below the fold are drawn when they come into sight.
      for (const panel of document.querySelectorAll('.panel')) {
        panel.scrollIntoView({ block: 'center' });
        await new Promise((done) => setTimeout(done, 60));
      }
      scrollTo(0, 0);
    })()`);
    await this.until(`document.querySelectorAll('.panel[data-state="ready"] .chart:not([data-drawn="true"])').length`, 0, 60_000);
    return this.count('.panel');
  }

  /** What the panels that failed say of it, by panel. */
  failures() {
    return this.evaluate(`Object.fromEntries([...document.querySelectorAll('.panel[data-state="failed"]')].map((panel) => [panel.id.slice(6), panel.querySelector('.body').textContent]))`);
  }

  /** How many pixels of a panel's chart are painted. */
  painted(id) {
    return this.evaluate(`[...document.querySelectorAll(${quoted(`#panel-${id} canvas`)})].reduce((sum, canvas) => {
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let painted = 0;
      for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 40) painted += 1;
      return sum + painted;
    }, 0)`);
  }
}
