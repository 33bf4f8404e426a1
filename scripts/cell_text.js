// Text on the cells of a heatmap. ECharts' own labels cost more than the cells they stand on (docs/performance.md).
import Group from "zrender/lib/graphic/Group.js";
import TSpan from "zrender/lib/graphic/TSpan.js";

const pen = document.createElement("canvas").getContext("2d");

/** What was written on a chart: its group of texts, and the cell of each. */
const written = new WeakMap();

/**
 * Writes text on cells of the chart's first axes, in place of what was written before.
 * `parts` are `{ color, font, cells: [[column, row, text], …] }`.
 */
export function writeCells(chart, parts) {
    const canvas = chart.getZr();
    if (written.has(chart)) canvas.remove(written.get(chart).group);
    written.delete(chart);
    if (parts.length === 0) return;
    const group = new Group();
    const texts = [];
    for (const { color, font, cells } of parts) {
        for (const [column, row, text] of cells) {
            const style = { text, font, fill: color, textAlign: "center", textBaseline: "middle" };
            const span = new TSpan({ style, silent: true, z: 3 });
            texts.push({ span, column, row, font, text });
            group.add(span);
        }
    }
    written.set(chart, { group, texts });
    placeCells(chart);
    canvas.add(group);
}

/** Puts what is written back on its cells, after the chart has a new size. */
export function placeCells(chart) {
    const { texts } = written.get(chart) ?? { texts: [] };
    if (texts.length === 0) return;
    const axes = { xAxisIndex: 0, yAxisIndex: 0 };
    const [left, top] = chart.convertToPixel(axes, [0, 0]);
    const [right, bottom] = chart.convertToPixel(axes, [1, 1]);
    const room = Math.abs(right - left) - 3;
    for (const { span, column, row, font, text } of texts) {
        // Half a pixel down: digits have no descenders.
        span.setStyle({ font: fitting(font, text, room), x: left + column * (right - left), y: top + row * (bottom - top) + 0.5 });
    }
}

/** The font, smaller where a text is wider than its cell. */
function fitting(font, text, room) {
    pen.font = font;
    const width = pen.measureText(text).width;
    if (width <= room) return font;
    return font.replace(/[\d.]+px/, (size) => `${((parseFloat(size) * room) / width).toFixed(2)}px`);
}
