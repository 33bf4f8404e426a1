import { expect, type Locator, type Page } from '@playwright/test';
import { MetricFlowPage } from './metricflow';

/** What stands around every page: palette, shortcuts, sharing. */
export class FramePage extends MetricFlowPage {
  readonly palette: Locator;
  readonly field: Locator;
  readonly options: Locator;
  readonly shortcuts: Locator;
  readonly share: Locator;

  constructor(page: Page) {
    super(page);
    this.palette = page.getByRole('dialog', { name: 'Find' });
    this.field = this.palette.getByRole('combobox');
    this.options = this.palette.getByRole('option');
    this.shortcuts = page.getByRole('dialog', { name: 'Shortcuts' });
    this.share = page.getByRole('dialog', { name: 'Share this page' });
  }

  /** Opens the palette and types; what is typed must be found. */
  async find(text: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await expect(this.field).toBeFocused();
    await this.page.keyboard.type(text);
    await expect(this.selected()).toHaveCount(1);
  }

  /** Finds something and does it. */
  async go(text: string): Promise<void> {
    await this.find(text);
    await this.page.keyboard.press('Enter');
  }

  /** The option the keyboard is on, as the field tells it. */
  selected(): Locator {
    return this.palette.getByRole('option', { selected: true });
  }

  /** Goes to a page by the rail; on a phone the workbench is behind a button. */
  async goToPage(name: string): Promise<void> {
    const link = this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
    if (!(await link.isVisible())) await this.page.getByTestId('more-pages').click();
    await link.click();
  }

  panel(id: string): Locator {
    return this.page.getByTestId(`panel-${id}`);
  }
}
