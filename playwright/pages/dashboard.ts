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

/** The rows of a CSV file (RFC 4180) by their header; an apostrophe that keeps text as text is taken off. */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).replace(/^'/, ''));
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

  /** A dashboard with the rows that the native figures come from, when every model has learned from them. */
  static async opened(page: Page, route: string, query: string): Promise<DashboardPage> {
    const dashboard = new DashboardPage(page, route);
    await dashboard.openWith(query);
    expect(await dashboard.fingerprint(), 'native and tab start from the same rows').toBe(expectedFingerprint('tiny'));
    await dashboard.learned();
    return dashboard;
  }

  /** Waits until every model has learned from the data. */
  async learned(): Promise<void> {
    await this.page.evaluate(() => (window.metricflow as any).learning());
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

  /** A value in a filter's open menu, as it is read: its row, in whose middle people click. */
  value(dimension: string, name: string): Locator {
    return this.page.locator(`label:has([data-testid^="pick-${dimension}-"])`).filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Waits until a panel shows the answer to what is asked now. */
  async settled(id: string): Promise<void> {
    await expect(this.panel(id), id).toHaveAttribute('data-state', 'ready');
    await expect(this.panel(id), id).toHaveAttribute('data-pending', 'false');
  }

  /** What the panel's export holds. Read before it becomes a file: a browser refuses many files in a short time. */
  async csv(id: string): Promise<Record<string, string>[]> {
    await this.settled(id);
    const caught = await this.page.evaluateHandle(() => {
      const { createObjectURL } = URL;
      const { click } = HTMLAnchorElement.prototype;
      const text = new Promise<string>((resolve) => {
        URL.createObjectURL = (blob: Blob) => {
          // Workers begin as blobs, too; one that begins meanwhile is no file.
          if (blob.type.startsWith('text/csv')) resolve(blob.text());
          return createObjectURL(blob);
        };
        HTMLAnchorElement.prototype.click = () => {};
      });
      const done = text.finally(() => {
        URL.createObjectURL = createObjectURL;
        HTMLAnchorElement.prototype.click = click;
      });
      return { done };
    });
    await this.panel(id).getByRole('button', { name: 'CSV', exact: true }).click();
    return rowsOfCsv(await caught.evaluate(({ done }) => done));
  }

  /** Whether anything is drawn on the panel's canvases besides their background. */
  async hasMarks(id: string): Promise<boolean> {
    await this.settled(id);
    const canvases = this.panel(id).locator('canvas');
    await expect(canvases.first(), id).toBeVisible();
    const colours = () =>
      canvases.evaluateAll((elements) => {
        let painted = 0;
        for (const element of elements as HTMLCanvasElement[]) {
          const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
          for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 40) painted += 1;
        }
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

  /** Holds every link of the native figures against the panels; says how many were compared, by panel. */
  async expectAllFigures(page: string, keys: Record<string, string[]>): Promise<Record<string, number>> {
    const expected = expectedPanels('tiny', page);
    const compared: Record<string, number> = {};
    for (const link of new Set(expected.map((row) => row.link))) {
      await this.goTo(`preset=tiny&${link}`);
      const ofLink = expected.filter((row) => row.link === link);
      for (const id of new Set(ofLink.map((row) => row.panel))) {
        const rows = ofLink.filter((row) => row.panel === id);
        compared[id] = (compared[id] ?? 0) + (await this.expectFigures(id, rows, keys[id]));
      }
    }
    return compared;
  }

  /**
   * Opens the rows behind marks of a panel, by its own list of marks: the first, the last and one between. Each must have
   * as many rows as the mark shows. Gives what the marks show.
   */
  async expectRowsOfMarks(id: string): Promise<number[]> {
    await this.settled(id);
    await this.panel(id).getByRole('button', { name: 'Rows', exact: true }).click();
    const list = this.page.getByTestId('rows-mark');
    const marks = await list.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    const values: number[] = [];
    // Both ends and the middle; where nothing happened in any of them, more of them until something did.
    const some = [0, 1 / 2, 1, ...[1, 3, 5, 7, 2, 6, 9, 11, 13, 15].map((part) => part / 16)];
    for (const mark of new Set(some.map((part) => marks[Math.round(part * (marks.length - 1))]))) {
      if (values.length >= 3 && values.some((value) => value !== 0)) break;
      if ((await list.inputValue()) !== mark) await list.selectOption(mark);
      await expect.poll(() => new URL(this.page.url()).searchParams.get('panel'), { message: id }).toBe(`${id}.rows.${mark}`);
      const told = this.page.getByTestId('rows-told');
      await expect(told, `${id} ${mark}`).toHaveAttribute('data-total', /\d/);
      const [total, value] = await Promise.all([told.getAttribute('data-total'), told.getAttribute('data-value')]);
      expect(Number(total), `${id} ${mark}`).toBeCloseTo(Number(value), 1);
      values.push(Number(value));
    }
    await this.page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    return values;
  }

  /** Clicks the mark at `index` of a series, where the chart has drawn it. */
  async clickMark(id: string, series: number, index: number): Promise<void> {
    await this.settled(id);
    const chart = this.panel(id).locator('.chart');
    await expect(chart).toHaveAttribute('data-drawn', 'true');
    const position = await chart.evaluate(
      (element, [series, index]) => {
        const drawn = (window as any).echarts.getInstanceByDom(element);
        const data = drawn.getModel().getSeriesByIndex(series).getData();
        const mark = data.getItemGraphicEl(index);
        if (!mark) return null;
        const box = mark.getBoundingRect().clone();
        const transform = mark.getComputedTransform();
        if (transform) box.applyTransform(transform);
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      },
      [series, index],
    );
    if (position === null) throw new Error(`${id}: no mark ${index} of series ${series}`);
    // Heatmaps and scatters lie on several canvases, one over the other.
    await chart.click({ position });
  }

  /** Clicks a place on the chart, in the terms of its axes. */
  async clickAt(id: string, place: [number, number]): Promise<void> {
    await this.settled(id);
    const chart = this.panel(id).locator('.chart');
    await expect(chart).toHaveAttribute('data-drawn', 'true');
    const [x, y] = await chart.evaluate(
      (element, place) => (window as any).echarts.getInstanceByDom(element).convertToPixel({ gridIndex: 0 }, place),
      place,
    );
    await chart.click({ position: { x, y } });
  }

  /** A tick of the period before whose place among ticks is not its row's, and an empty place in that row's column. */
  async tickOutOfStep(id: string): Promise<{ series: number; index: number; beside: [number, number] }> {
    const chart = this.panel(id).locator('.chart');
    await expect(chart).toHaveAttribute('data-drawn', 'true');
    const found = await chart.evaluate((element) => {
      const drawn = (window as any).echarts.getInstanceByDom(element);
      const option = drawn.getOption();
      const series = option.series.findIndex(({ name, type }: any) => name === 'Period before' && type === 'scatter');
      const named = option.xAxis[0].type === 'category' ? 0 : 1;
      const top = drawn.getModel().getComponent(named === 0 ? 'yAxis' : 'xAxis').axis.scale.getExtent()[1] * 0.99;
      const index = option.series[series]?.data.findIndex((place: number[], index: number) => place[named] !== index) ?? -1;
      if (index < 0) return null;
      const row = option.series[series].data[index][named];
      return { series, index, beside: (named === 0 ? [row, top] : [top, row]) as [number, number] };
    });
    if (found === null) throw new Error(`${id}: every tick stands at its own place`);
    return found;
  }

  /** The data of a chart's series, as they are drawn. */
  async seriesData(id: string): Promise<{ name: string; type: string; data: any[]; links?: any[] }[]> {
    await this.settled(id);
    const chart = this.panel(id).locator('.chart');
    await expect(chart).toHaveAttribute('data-drawn', 'true');
    return chart.evaluate((element) => {
      const option = (window as any).echarts.getInstanceByDom(element).getOption();
      const plain = option.series.map(({ name, type, data, links, edges }: any) => ({ name, type, data, links: links ?? edges }));
      return JSON.parse(JSON.stringify(plain));
    });
  }

  /** What every panel of the page answers. */
  async answers(ids: string[]): Promise<(string | null)[]> {
    for (const id of ids) await this.settled(id);
    return Promise.all(ids.map((id) => this.answer(id).textContent()));
  }

  /** A reload of the link gives the same text. */
  async expectSameAfterReload(ids: string[], before: () => Promise<unknown> = async () => {}): Promise<void> {
    const text = async () => {
      await this.answers(ids);
      return this.page.getByTestId('dashboard').innerText();
    };
    await before();
    const shown = await text();
    await this.page.reload();
    await this.ready();
    await before();
    expect(await text()).toBe(shown);
  }

  /** Saves a panel's picture: its name, and the picture decoded, with how much of it is drawn on. */
  async picture(id: string): Promise<{ name: string; width: number; height: number; inked: number; chartInked: number; colours: number }> {
    await this.settled(id);
    await expect(this.panel(id).locator('.chart')).toHaveAttribute('data-drawn', 'true');
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.panel(id).getByRole('button', { name: 'PNG', exact: true }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    const read = await this.page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const pen = canvas.getContext('2d')!;
      pen.drawImage(image, 0, 0);
      const words = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      const [paper] = words;
      const tally = new Map<number, number>();
      let chartInked = 0;
      for (const [at, word] of words.entries()) {
        tally.set(word, (tally.get(word) ?? 0) + 1);
        // The middle half of the sheet is the chart's.
        const row = Math.floor(at / canvas.width) / canvas.height;
        if (word !== paper && row > 0.3 && row < 0.8) chartInked += 1;
      }
      const inked = words.length - (tally.get(paper) ?? 0);
      return { width: canvas.width, height: canvas.height, inked, chartInked, colours: tally.size };
    }, bytes.toString('base64'));
    return { name: download.suggestedFilename(), ...read };
  }

  /** The panel's picture is as large as its chart with its text around it, at twice the screen's pixels, and drawn on. */
  async expectPicture(id: string, name: RegExp): Promise<void> {
    const picture = await this.picture(id);
    const box = await this.panel(id).locator('.chart').boundingBox();
    expect(picture.name).toMatch(name);
    expect(picture.width / 2, id).toBeCloseTo((box?.width ?? 0) + 48, -1);
    expect(picture.height / 2, id).toBeGreaterThan((box?.height ?? 0) + 48 + 60);
    expect(picture.chartInked, id).toBeGreaterThan(2_000);
    expect(picture.colours, id).toBeGreaterThan(20);
  }

  /** The panel's file and table hold the same rows; gives the file's name and rows. Leaves the chart in place. */
  async expectFile(id: string, name: RegExp, column: string): Promise<Record<string, string>[]> {
    await this.settled(id);
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.panel(id).getByRole('button', { name: 'CSV', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(name);
    const rows = rowsOfCsv(readFileSync(await download.path(), 'utf8'));
    const toggle = this.panel(id).getByRole('button', { name: 'Table', exact: true });
    await toggle.click();
    const table = this.panel(id).getByRole('table');
    await expect(table.locator('tbody tr')).toHaveCount(rows.length);
    const place = Object.keys(rows[0]).indexOf(column);
    const cells = await table.locator(`tbody tr td:nth-child(${place + 1})`).allTextContents();
    const figure = (text: string) => Number(text.replaceAll('−', '-').replaceAll(/[^0-9.-]/g, ''));
    const scale = column.endsWith('_cents') ? 100 : 1;
    for (const [row, cell] of cells.entries()) {
      // Large money is written without its cents.
      const slack = scale === 100 ? 0.5 : 1e-9;
      expect(Math.abs(figure(cell) - Number(rows[row][column]) / scale), `${id} ${column} row ${row}: ${cell}`).toBeLessThanOrEqual(slack);
    }
    await toggle.click();
    await expect(this.panel(id).locator('.chart')).toHaveAttribute('data-drawn', 'true');
    return rows;
  }
}
