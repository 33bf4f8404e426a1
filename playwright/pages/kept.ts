import { expect, type Page } from '@playwright/test';
import { DashboardPage } from './dashboard';

/** A file of a copy, as it lies in the browser's store. */
export type Corruption = 'flipped' | 'cut' | 'swapped' | 'missing' | 'manifest' | 'foreign';

/** A dashboard whose results are kept on the device. */
export class KeptPage extends DashboardPage {
  /** Names of the workers that were started since the page was loaded. */
  workers(): Promise<string[]> {
    return this.page.evaluate(() => (window as any).workers.map(({ name }: { name: string }) => name));
  }

  /** When the page first asked for the engine's program, and when its first chart stood, in ms. */
  firstMoments(): Promise<{ engine: number; chart: number }> {
    return this.page.evaluate(() => {
      const engine = performance.getEntriesByType('resource').find(({ name }) => name.includes('duckdb-eh.'));
      return { engine: engine!.startTime, chart: (window as any).firstChartMs };
    });
  }

  /** Names of the copies in the store. */
  copies(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const names = (await indexedDB.databases()).map(({ name }) => name);
      if (!names.includes('metricflow-kept')) return [];
      return (window as any).inStore('readonly', (store: any) => store('copies').getAllKeys());
    });
  }

  /** Opens a link and waits until its results are kept. */
  async visitOnce(path: string): Promise<void> {
    await this.open(path);
    await this.isKept(1);
  }

  async isKept(count: number): Promise<void> {
    await expect.poll(() => this.copies(), { timeout: 120_000 }).toHaveLength(count);
  }

  /** Spoils the copies, by a seed. */
  async spoil(kind: Corruption, seed: number): Promise<void> {
    await this.page.evaluate(
      async ([kind, seed]) => {
        const inStore = (window as any).inStore;
        const keys: string[] = await inStore('readonly', (store: any) => store('files').getAllKeys());
        // Answers and tables in turns: the first are read when the page opens, the second when they are asked.
        const tables = keys.filter((key) => !key.endsWith('\nfacts'));
        const [one, other] = [tables[seed % tables.length], tables[(seed + 1) % tables.length]];
        const file: Uint8Array = await inStore('readonly', (store: any) => store('files').get(one));
        const put = (name: string, value: unknown, key: string) => inStore('readwrite', (store: any) => store(name).put(value, key));
        const [copy] = await inStore('readonly', (store: any) => store('copies').getAllKeys());
        const manifest: string = await inStore('readonly', (store: any) => store('copies').get(copy));
        if (kind === 'flipped') {
          file[seed % file.length] ^= 1 << (seed % 8);
          await put('files', file, one);
        } else if (kind === 'cut') await put('files', file.slice(0, seed % file.length), one);
        else if (kind === 'swapped') {
          const second = await inStore('readonly', (store: any) => store('files').get(other));
          await put('files', second, one);
          await put('files', file, other);
        } else if (kind === 'missing') await inStore('readwrite', (store: any) => store('files').delete(one));
        else if (kind === 'manifest') await put('copies', manifest.slice(0, seed % manifest.length), copy);
        else await put('copies', manifest.replaceAll('preset=tiny', 'preset=demo'), copy);
      },
      [kind, seed] as const,
    );
  }

  /** What tiles and the page's sentence say. */
  async figures(): Promise<Record<string, string>> {
    await expect(this.page.locator('.kpi .skeleton')).toHaveCount(0);
    const sentence = (await this.page.getByTestId('page-sentence').textContent()) ?? '';
    return { ...(await this.tileValues()), sentence, fingerprint: await this.fingerprint() };
  }
}

/** Remembers workers, and gives tests a way to the store. */
export async function prepare(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('.chart[data-drawn="true"]')) Object.assign(window, { firstChartMs: performance.now() });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const workers: { name: string }[] = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push({ name: options?.name ?? '' });
      }
    };
    const inStore = async (mode: IDBTransactionMode, work: (store: (name: string) => IDBObjectStore) => IDBRequest) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('metricflow-kept');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const transaction = database.transaction([...database.objectStoreNames], mode);
      const request = work((name) => transaction.objectStore(name));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      database.close();
      return request.result;
    };
    Object.assign(window, { workers, inStore });
  });
}
