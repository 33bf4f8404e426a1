import type { Locator, Page } from '@playwright/test';
import { MetricFlowPage } from './metricflow';

/** The Scenario page of the workbench. */
export class ScenarioPage extends MetricFlowPage {
  readonly phase: Locator;
  readonly chip: Locator;

  constructor(page: Page) {
    super(page);
    this.phase = page.getByTestId('run-phase');
    this.chip = page.getByTestId('scenario-chip');
  }

  openScenario(query = ''): Promise<void> {
    return this.open(`scenario/${query && `?${query}`}`);
  }

  field(key: string): Locator {
    return this.page.getByTestId(`input-${key}`);
  }

  preset(key: string): Locator {
    return this.page.getByTestId(`preset-${key}`);
  }
}
