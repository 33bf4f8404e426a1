import { expect, type Page } from '@playwright/test';
import { WorkbenchPage } from './workbench';

/** Runs for ever, and answers the engine's messages in between: it can be asked to stop. */
export const endless = 'select count(*) as n from range(100000000) a, range(100000000) b';

/** Runs for many seconds within one task of the engine: nothing but the end of its worker stops it. */
export const deaf = 'select count(*) as n from (select unnest(range(90000000)) as x) where hash(x) = 1';

/** Breaks the engine: its memory is not enough, and the engine notices it too late. */
export const breaking = "select length(repeat('abc', 1000000000)) as n";

/** Stopping what the engine works on. */
export class CancelPage extends WorkbenchPage {
  constructor(page: Page) {
    super(page);
  }

  /** Writes a model's text and runs it, without waiting for its end. */
  async begin(sql: string): Promise<void> {
    await this.write(sql);
    await this.page.getByTestId('run-edit').click();
    await expect.poll(async () => (await this.status()).phase).toBe('running');
  }

  /** Clicks, and says after how many milliseconds the phase, as the page itself sees it, is one of `phases`. */
  async clickUntil(testId: string, phases: string[]): Promise<number> {
    return this.page.evaluate(
      async ([testId, phases]) => {
        const button = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)!;
        const began = performance.now();
        button.click();
        while (!(phases as string[]).includes(window.metricflow.status().phase)) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          if (performance.now() - began > 60_000) throw new Error(`still ${window.metricflow.status().phase}`);
        }
        return performance.now() - began;
      },
      [testId, phases] as const,
    );
  }

  /** What must be as before: the raw rows' hash, and the rows of raw and modelled tables. */
  async standing() {
    const [counts] = await this.query(`
      select
        (select count(*) from raw.users) as users,
        (select count(*) from raw.events) as events,
        (select count(*) from marts.fct_signups) as signups,
        (select sum(closing_mrr_cents) from marts.fct_mrr_waterfall) as mrr`);
    return { fingerprint: await this.fingerprint(), counts };
  }
}
