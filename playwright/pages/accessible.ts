import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Where a page breaks the rules of WCAG 2.2 AA, a line for each rule; or its rule of contrast alone. */
export async function accessibilityFaults(page: Page, isContrastAlone = false): Promise<string[]> {
  // What passes is not described: that takes longest. There are no frames, so one run sees all.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (isContrastAlone ? axe.withRules(['color-contrast']) : axe.withTags(rules)).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
}
