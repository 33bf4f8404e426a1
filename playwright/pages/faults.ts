import { expect, type Page, type Route } from '@playwright/test';
import { MetricFlowPage } from './metricflow';

/** What can happen to a file on its way. */
export const faults = ['missing', 'cut', 'html', 'aborted'] as const;
export type Fault = (typeof faults)[number] | 'stalled';

/** A page whose files, workers and memory fail. */
export class FaultsPage extends MetricFlowPage {
  constructor(page: Page) {
    super(page);
  }

  /** Lets the files that match `glob` fail; gives a way to let them come again. */
  async spoil(glob: string, fault: Fault): Promise<() => Promise<void>> {
    const held: Route[] = [];
    await this.page.route(glob, async (route) => {
      if (fault === 'stalled') return void held.push(route);
      if (fault === 'missing') return route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>No such page</h1>' });
      if (fault === 'html') return route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><title>Welcome</title><h1>Welcome</h1>' });
      if (fault === 'aborted') return route.abort();
      const answer = await route.fetch();
      const body = await answer.body();
      // A browser keeps no answer that it knows to be cut.
      const headers = { ...answer.headers(), 'cache-control': 'no-store' };
      return route.fulfill({ response: answer, headers, body: body.subarray(0, Math.floor(body.length * 0.6)) });
    });
    return async () => {
      for (const route of held) await route.continue();
      await this.page.unroute(glob);
    };
  }

  /** Ends the newest worker of a program, as `rememberWorkers` knows it, as a browser does that needs its memory: nobody is told. */
  async end(name: string): Promise<void> {
    await this.page.evaluate((name) => {
      const { worker } = (window as any).workers.findLast((member: { name: string }) => member.name.includes(name));
      worker.terminate();
    }, name);
  }

  /** Lets an error be thrown in the engine's worker, outside of any statement. */
  async throwInEngine(): Promise<void> {
    const workers = this.page.workers();
    const isEngine = await Promise.all(workers.map((worker) => worker.evaluate(() => 'DUCKDB_BINDINGS' in self).catch(() => false)));
    const engine = workers.findLast((_, index) => isEngine[index]);
    await engine!.evaluate(() => {
      setTimeout(() => {
        throw new Error('seeded');
      }, 0);
    });
  }

  /** Refuses the engine memory beyond so many MiB. */
  async limitMemory(mebibytes: number): Promise<void> {
    await this.page.addInitScript((mebibytes) => {
      const Original = Blob;
      const limit = `const grow = WebAssembly.Memory.prototype.grow; WebAssembly.Memory.prototype.grow = function (pages) {
        if ((this.buffer.byteLength / 65536 + pages) / 16 > ${mebibytes}) throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
        return grow.call(this, pages);
      };`;
      window.Blob = class extends Original {
        constructor(parts?: BlobPart[], options?: BlobPropertyBag) {
          const isEngine = String(parts?.[0]).includes('importScripts');
          super(isEngine ? [limit, ...parts!] : parts, options);
        }
      };
    }, mebibytes);
  }

  /** Waits until the run is over and gives its last status. */
  async settled(timeout = 60_000) {
    await this.page.waitForFunction(() => window.metricflow !== undefined);
    await expect.poll(async () => (await this.status()).phase, { timeout }).not.toBe('running');
    return this.status();
  }
}
