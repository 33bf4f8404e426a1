import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { MetricFlowPage } from './metricflow';

/** A row of target/parity/<name>/panels-<page>.json: what a panel must show under a link's filters. */
export interface Expected {
  link: string;
  panel: string;
  row_key: string;
  measure: string;
  figure: number;
}

const parity = path.join(import.meta.dirname, '../../target/parity');

/** What `make parity-data` found natively for a page's panels. */
export function expectedPanels(name: string, page: string): Expected[] {
  return JSON.parse(readFileSync(path.join(parity, name, `panels-${page}.json`), 'utf8'));
}

/** The fingerprint of the rows that the native figures come from. */
export function expectedFingerprint(name: string): string {
  return JSON.parse(readFileSync(path.join(parity, name, 'scenario.json'), 'utf8')).fingerprint;
}

/** The rows of a CSV file (RFC 4180) by their header. */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') lines.push([]);
  }
  const [header, ...rows] = lines.filter((line) => line.some((cell) => cell !== ''));
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}

/** One of the dashboards: its panels, choices, filters and the rows behind marks. */
export class DashboardPage extends MetricFlowPage {
  constructor(
    page: Page,
    readonly route: string,
  ) {
    super(page);
  }

  async openWith(query = ''): Promise<void> {
    await this.open(`${this.route}${query && `?${query}`}`);
  }

  panel(id: string): Locator {
    return this.page.getByTestId(`panel-${id}`);
  }

  answer(id: string): Locator {
    return this.page.getByTestId(`answer-${id}`);
  }

  choice(key: string, value: string): Locator {
    return this.page.getByTestId(`choice-${key}-${value}`);
  }

  /** Waits until a panel shows the answer to what is asked now. */
  async settled(id: string): Promise<void> {
    await expect(this.panel(id), id).toHaveAttribute('data-state', 'ready');
    await expect(this.panel(id), id).toHaveAttribute('data-pending', 'false');
  }

  /** The panel's export. */
  async csv(id: string): Promise<Record<string, string>[]> {
    await this.settled(id);
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.panel(id).getByRole('button', { name: 'CSV', exact: true }).click(),
    ]);
    return rowsOfCsv(readFileSync(await download.path(), 'utf8'));
  }

  /** Whether anything is drawn on the panel's canvas besides its background. */
  async hasMarks(id: string): Promise<boolean> {
    await this.settled(id);
    const canvas = this.panel(id).locator('canvas').first();
    await expect(canvas, id).toBeVisible();
    const colours = () =>
      canvas.evaluate((element: HTMLCanvasElement) => {
        const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
        let painted = 0;
        for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 40) painted += 1;
        return painted;
      });
    await expect.poll(colours, { message: id }).toBeGreaterThan(500);
    return true;
  }

  /** Holds a panel's export against what was found natively; says how many figures were compared. */
  async expectFigures(id: string, expected: Expected[], keys: string[]): Promise<number> {
    const rows = await this.csv(id);
    const byKey = new Map(rows.map((row) => [keys.map((key) => row[key]).join('|'), row]));
    for (const { row_key, measure, figure } of expected) {
      const row = byKey.get(row_key);
      expect(row, `${id} has a row ${row_key}`).toBeDefined();
      const shown = row?.[measure] ?? '';
      if (figure === null) expect(shown, `${id} ${row_key} ${measure}`).toBe('');
      else expect(Number(shown), `${id} ${row_key} ${measure}`).toBeCloseTo(figure, 6);
    }
    return expected.length;
  }

  /** Opens the rows behind a mark by the link's own key and compares them with the mark. */
  async expectRows(id: string, mark: string, query: string): Promise<number> {
    await this.goTo(query);
    await this.settled(id);
    await this.goTo(`${query}&panel=${id}.rows.${mark}`);
    const told = this.page.getByTestId('rows-told');
    await expect(told, `${id} ${mark}`).toBeVisible();
    await expect(told, `${id} ${mark}`).toHaveAttribute('data-total', /\d/);
    const [total, value] = await Promise.all([told.getAttribute('data-total'), told.getAttribute('data-value')]);
    expect(Number(total), `${id} ${mark}`).toBeCloseTo(Number(value), 1);
    return Number(value);
  }
}
