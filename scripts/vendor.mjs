// Trunk pre_build hook: fills public/vendor with what comes from npm. Does nothing while versions are unchanged.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const vendor = path.join(root, "public", "vendor");
const editorEntry = path.join(root, "scripts", "code_editor.js");
const cellText = path.join(root, "scripts", "cell_text.js");
const fetchProgram = path.join(root, "scripts", "fetch_program.js");
const stampFile = path.join(vendor, "stamp.txt");
const packages = [
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/lang-sql",
    "@codemirror/language",
    "@codemirror/lint",
    "@codemirror/search",
    "@codemirror/state",
    "@codemirror/view",
    "@lezer/highlight",
    "echarts",
    "esbuild",
    "zrender",
    "@duckdb/duckdb-wasm",
    "@fontsource-variable/inter",
    "@fontsource-variable/source-serif-4",
];

// Only what charts use: a feature that is merely there still takes part in every drawing.
const echartsEntry = `
    import * as core from "echarts/core";
    import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
    import { GridComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
    import { CanvasRenderer } from "echarts/renderers";
    core.use([
        BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart,
        GridComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
    ]);
    export { placeCells, writeCells } from "./scripts/cell_text.js";
    export const init = core.init;
    export const getInstanceByDom = core.getInstanceByDom; // for journeys: where is a mark?
    export const version = core.version;
`;

// Ranges of fontsource's own subsets.
const LATIN =
    "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD";
const LATIN_EXT =
    "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF";
const fonts = [
    { family: "Inter Variable", folder: "inter", weights: "100 900" },
    { family: "Source Serif 4 Variable", folder: "source-serif-4", weights: "200 900" },
];

const wanted = await stamp();
if (wanted === (await readFile(stampFile, "utf8").catch(() => ""))) process.exit(0);

await rm(vendor, { recursive: true, force: true });
await mkdir(path.join(vendor, "fonts"), { recursive: true });
await bundle("echarts", { stdin: { contents: echartsEntry, resolveDir: root }, plugins: [heatmapsOnOneCanvas()] });
await bundle("codeEditor", { entryPoints: [editorEntry] }, "code-editor.js");
await copyFonts();
await copyFile(path.join(modules, "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"), path.join(vendor, "duckdb-eh.wasm"));
await copyEngineWorker("duckdb-browser-eh.worker.js");
await writeFile(stampFile, wanted);

async function stamp() {
    const own = createHash("sha256").update(await readFile(fileURLToPath(import.meta.url)));
    for (const file of [editorEntry, cellText, fetchProgram]) own.update(await readFile(file));
    const lines = [`script ${own.digest("hex")}`];
    for (const name of packages) {
        const manifest = await readFile(path.join(modules, name, "package.json"), "utf8").catch(() => {
            console.error(`vendor: ${name} is not installed; run "npm ci" first`);
            process.exit(1);
        });
        lines.push(`${name} ${JSON.parse(manifest).version}`);
    }
    return lines.join("\n") + "\n";
}

/** Bundles an entry into one classic script that defines the global `name`. */
async function bundle(name, entry, file = `${name}.js`) {
    const esbuild = createRequire(import.meta.url)("esbuild");
    await esbuild.build({
        ...entry,
        bundle: true,
        minify: true,
        format: "iife",
        globalName: name,
        target: "es2022",
        legalComments: "inline",
        outfile: path.join(vendor, file),
        logLevel: "warning",
    });
}

/** See docs/performance.md. */
function heatmapsOnOneCanvas() {
    const found = "getIncrementalId(seriesModel, useIncremental)";
    return {
        name: "heatmaps-on-one-canvas",
        setup(build) {
            build.onLoad({ filter: /chart[\\/]heatmap[\\/]HeatmapView\.js$/ }, async ({ path: file }) => {
                const source = await readFile(file, "utf8");
                if (!source.includes(found)) throw new Error(`${file} has changed: is the change of heatmaps in docs/performance.md still needed?`);
                return { contents: source.replace(found, "useIncremental ? getIncrementalId(seriesModel) : 0"), loader: "js" };
            });
        },
    };
}

/** The engine's worker, which fetches its program as docs/hosting.md has it. */
async function copyEngineWorker(file) {
    const source = await readFile(path.join(modules, "@duckdb/duckdb-wasm/dist", file), "utf8");
    const found = /(let \w=new Request\(this\.mainModuleURL\),\w=await )fetch\((\w)\)/;
    if (!found.test(source)) throw new Error(`${file} has changed: where does it fetch its program?`);
    const instantiate = "instantiateWasm(e,t){";
    if (!source.includes(instantiate)) throw new Error(`${file} has changed: where does it instantiate its program?`);
    const fetching = await readFile(fetchProgram, "utf8");
    // Instead of an address it also takes a module, which the page has compiled (decision 0170).
    const given = `${instantiate}if(this.mainModuleURL instanceof WebAssembly.Module){globalThis.DUCKDB_RUNTIME=this._runtime;const m=this.mainModuleURL;WebAssembly.instantiate(m,e).then(i=>t(i,m));return[]}`;
    const patched = source.replace(found, "$1fetchProgram($2.url)").replace(instantiate, () => given);
    await writeFile(path.join(vendor, file), `${fetching}\n${patched}`);
}

async function copyFonts() {
    let css = "";
    for (const { family, folder, weights } of fonts) {
        for (const [subset, range] of [["latin", LATIN], ["latin-ext", LATIN_EXT]]) {
            const file = `${folder}-${subset}.woff2`;
            const source = `@fontsource-variable/${folder}/files/${folder}-${subset}-wght-normal.woff2`;
            await copyFile(path.join(modules, source), path.join(vendor, "fonts", file));
            css += `@font-face { font-family: "${family}"; font-style: normal; font-display: swap; font-weight: ${weights}; src: url("fonts/${file}") format("woff2"); unicode-range: ${range}; }\n`;
        }
    }
    await writeFile(path.join(vendor, "fonts.css"), css);
}
