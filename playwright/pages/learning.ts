import { createHash } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';
import { WorkbenchPage } from './workbench';

export const models = ['churn', 'ltv', 'segments', 'anomalies', 'forecast'] as const;
export type ModelKey = (typeof models)[number];

/** What `metricflow.learning()` gives for each model. */
export interface Outcome {
  state: string;
  reason?: string;
  card?: { scores: { key: string; value: number }[]; settings: Record<string, number>; [key: string]: unknown };
}

/**
 * A scenario that every model can learn from and that is quick: the first snapshot that counts for
 * churn, and a year for lifetime value, need time and customers, hardly any events.
 */
export const learnable = 'preset=tiny&users=3000&months=36&events=40';

/** Model cards and what stands behind them. */
export class LearningPage extends WorkbenchPage {
  readonly leakage: Locator;

  constructor(page: Page) {
    super(page);
    this.leakage = page.getByTestId('leakage-lab');
  }

  /** Waits until every model has been fitted, has failed or was stopped. */
  async learned(): Promise<Record<ModelKey, Outcome>> {
    await this.ready();
    return this.page.evaluate(() => (window.metricflow as any).learning());
  }

  async openLearned(path: string): Promise<Record<ModelKey, Outcome>> {
    await this.visit(path);
    return this.learned();
  }

  card(model: ModelKey): Locator {
    return this.page.getByTestId(`card-${model}`);
  }

  /** The figure of a score, in full. */
  async score(model: ModelKey, key: string): Promise<number> {
    return Number(await this.card(model).getByTestId(`score-${key}`).getAttribute('data-value'));
  }

  /** Trains with a hyperparameter set by hand, and waits for the new fit. */
  async retrain(model: ModelKey, setting: string, value: number): Promise<void> {
    await this.page.getByTestId(`setting-${model}-${setting}`).fill(String(value));
    await this.page.getByTestId(`train-${model}`).click();
    // A small model may be fitted before anybody could see it under way.
    await expect.poll(async () => (await this.learned())[model].card?.settings[setting]).toBe(value);
    await expect(this.card(model)).toHaveAttribute('data-state', 'fitted');
    await expect(this.page.getByTestId(`setting-${model}-${setting}`)).toHaveValue(String(value));
  }

  /** A hash of every row of every learned table, in a fixed order. */
  async tableHashes(): Promise<Record<string, string>> {
    const tables = await this.query(
      "select table_name from information_schema.tables where table_schema = 'ml' order by table_name",
    );
    const hashes: Record<string, string> = {};
    for (const { table_name } of tables) {
      const rows = await this.query(`select * from ml.${table_name} order by all`);
      hashes[table_name] = `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
    }
    return hashes;
  }
}

/** Remembers the page's workers by the end of their address, so that a test can meddle with one. */
export async function rememberWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const workers: { name: string; worker: Worker }[] = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push({ name: options?.name ?? '', worker: this });
      }
    };
    Object.assign(window, { workers });
  });
}
