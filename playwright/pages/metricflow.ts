import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, type ConsoleMessage, type Page } from '@playwright/test';

/** The scripting surface that the page documents. */
export interface MetricFlow {
  ready: Promise<void>;
  status(): { phase: string; reason?: string; stages: { stage: string; state: string; done: number; elapsed_ms: number }[]; memory_bytes: number | null; elapsed_ms: number };
  scenario(): string;
  fingerprint(): string;
  tests(): Promise<{ name: string; state: string; failures: number }[]>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  arrow(sql: string): Promise<Uint8Array<ArrayBuffer>>;
  run(query: string): Promise<void>;
}

declare global {
  interface Window {
    metricflow: MetricFlow;
  }
}

/** Pages that go on from test to test (`test.ts`). */
export const keptPages = new WeakSet<Page>();

/** What every page of the app shares: opening, waiting, asking the warehouse. */
export class MetricFlowPage {
  readonly consoleErrors: string[] = [];
  readonly requests: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.consoleErrors.push(String(error)));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  /** Opens a path below the site's root and waits until its data stands. */
  async open(path = ''): Promise<void> {
    await this.visit(path);
    await this.ready();
  }

  /**
   * Goes to a path below the site's root: by loading it, or on a page that runs already as a step back does.
   * A theme in the path is taken when a page loads, never later.
   */
  async visit(path: string): Promise<void> {
    const isRunning = keptPages.has(this.page) && (await this.page.evaluate(() => window.metricflow !== undefined));
    if (!isRunning) {
      await this.page.goto(path);
      return;
    }
    await this.page.evaluate(async (address) => {
      scrollTo(0, 0);
      history.pushState(null, '', new URL(address, `${location.origin}/`));
      dispatchEvent(new PopStateEvent('popstate'));
      // A changed scenario begins its run in a task of its own.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }, path);
  }

  /** Goes to another link of the same scenario without loading the page again, as a back step does. */
  async goTo(query: string): Promise<void> {
    await this.page.evaluate((search) => {
      history.pushState(null, '', `${location.pathname}?${search}`);
      dispatchEvent(new PopStateEvent('popstate'));
    }, query);
  }

  async ready(): Promise<void> {
    await this.page.waitForFunction(() => window.metricflow !== undefined);
    await this.page.evaluate(() => window.metricflow.ready);
  }

  fingerprint(): Promise<string> {
    return this.page.evaluate(() => window.metricflow.fingerprint());
  }

  status() {
    return this.page.evaluate(() => window.metricflow.status());
  }

  query(sql: string): Promise<Record<string, any>[]> {
    return this.page.evaluate((text) => window.metricflow.query(text), sql);
  }

  /** What every data test of the current dataset said. */
  tests() {
    return this.page.evaluate(() => window.metricflow.tests());
  }

  /** Writes a query's rows to `file` as Arrow. In pieces: hundreds of megabytes are too much for one message. */
  async saveArrow(sql: string, file: string): Promise<void> {
    const rows = await this.page.evaluateHandle(async (text) => new Blob([await window.metricflow.arrow(text)]), sql);
    const size = await rows.evaluate((blob) => blob.size);
    const piece = 6 << 20;
    writeFileSync(file, '');
    for (let from = 0; from < size; from += piece) {
      const data = await rows.evaluate(
        (blob, [from, to]) =>
          new Promise<string>((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve((reader.result as string).split(',')[1]);
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(blob.slice(from, to));
          }),
        [from, from + piece],
      );
      appendFileSync(file, Buffer.from(data, 'base64'));
    }
    await rows.dispose();
  }

  run(query: string): Promise<void> {
    return this.page.evaluate((text) => window.metricflow.run(text), query);
  }

  /** The raw value of every KPI tile, by its test id. */
  tileValues(): Promise<Record<string, string>> {
    return this.page.evaluate(() => {
      const tiles = document.querySelectorAll('[data-testid^="kpi-"][data-value], [data-testid^="kpi-"] [data-value]');
      return Object.fromEntries(
        [...tiles].map((element) => {
          const tile = element.closest('[data-testid^="kpi-"]') ?? element;
          return [tile.getAttribute('data-testid') ?? '', element.getAttribute('data-value') ?? ''];
        }),
      );
    });
  }

  /** Every request stayed on the page's own origin and nothing was reported as an error. */
  expectClean(): void {
    const origin = new URL(this.page.url()).origin;
    const outside = this.requests.filter((url) => !url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:'));
    expect(outside, 'requests to other hosts').toEqual([]);
    expect(this.consoleErrors, 'console errors').toEqual([]);
  }
}
