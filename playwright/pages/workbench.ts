import { expect, type Locator, type Page } from '@playwright/test';
import { accessibilityFaults } from './accessible';
import { MetricFlowPage } from './metricflow';

/** Lineage, Models and Data quality. */
export class WorkbenchPage extends MetricFlowPage {
  readonly sentence: Locator;
  readonly editor: Locator;
  readonly chip: Locator;

  constructor(page: Page) {
    super(page);
    this.sentence = page.getByTestId('page-sentence');
    this.editor = page.locator('.cm-content');
    this.chip = page.getByTestId('edits-chip');
  }

  /** Waits for the run under way and for its data tests. */
  async tested(): Promise<void> {
    await this.ready();
    await this.page.evaluate(() => (window.metricflow as any).tests());
  }

  async openTested(path: string): Promise<void> {
    await this.visit(path);
    await this.tested();
  }

  node(name: string): Locator {
    return this.page.getByTestId(`node-${name}`);
  }

  /** Replaces what the editor holds. */
  async write(sql: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(sql);
  }

  /** Adds to the end of what the editor holds. */
  async append(sql: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(sql);
  }

  async runEdit(): Promise<void> {
    await this.page.getByTestId('run-edit').click();
    await this.compiled();
    await this.tested();
  }

  /** Waits for the template of an edit, which another thread renders before the run begins. */
  async compiled(): Promise<void> {
    await expect(this.page.getByTestId('edit-words')).not.toHaveText('Compiling the template');
  }

  async count(table: string): Promise<number> {
    const [{ n }] = await this.query(`select count(*) as n from ${table}`);
    return n;
  }

  /** Tests that did not pass, by name. */
  async failingTests(): Promise<string[]> {
    const tests = await this.page.evaluate(() => (window.metricflow as any).tests());
    return tests.filter((test: any) => ['failed', 'errored'].includes(test.state)).map((test: any) => test.name).sort();
  }

  async expectAccessible(): Promise<void> {
    expect(await accessibilityFaults(this.page)).toEqual([]);
  }
}

/** Every theme and width in which a page must be usable. */
export const looks = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 1440 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 390 },
] as const;

/** Each theme and each width once: enough for a state of a page whose looks were all seen before. */
export const [brightAndWide, , , darkAndNarrow] = looks;
