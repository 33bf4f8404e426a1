// Prints Lighthouse's scores of a served build, and what is loaded before the warehouse's engine. The page builds its
// data meanwhile, so runs differ: the one with the median performance of several is told, as Lighthouse advises.
// usage: node scripts/lighthouse.mjs [--root dist] [--path ?preset=tiny] [--form desktop|mobile] [--runs 5]
// Fails below the scores the project holds itself to, unless --report is given.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const { values: options } = parseArgs({
    options: {
        root: { type: "string", default: "dist" },
        path: { type: "string", default: "?preset=tiny" },
        port: { type: "string", default: "4191" },
        form: { type: "string", default: "desktop" },
        runs: { type: "string", default: "5" },
        report: { type: "boolean", default: false },
    },
});
const goals = { performance: 0.95, accessibility: 1, "best-practices": 1 };

const server = spawn("node", ["scripts/serve.mjs", "--root", options.root, "--port", options.port], { stdio: "ignore" });
const address = `http://localhost:${options.port}/${options.path}`;
const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
});
let isMet = true;
try {
    await compressed(address);
    const settings = { onlyCategories: Object.keys(goals), logLevel: "error", port: chrome.port };
    const runs = [];
    for (let run = 0; run < Number(options.runs); run += 1) {
        const { lhr } = await lighthouse(address, settings, options.form === "desktop" ? desktopConfig : undefined);
        runs.push(lhr);
    }
    runs.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
    console.log(`performance of ${runs.length} runs: ${runs.map((lhr) => Math.round(100 * lhr.categories.performance.score)).join(", ")}`);
    const lhr = runs[Math.floor(runs.length / 2)];
    for (const [name, goal] of Object.entries(goals)) {
        const score = lhr.categories[name].score ?? 0;
        isMet &&= score >= goal;
        console.log(`${name.padEnd(16)} ${Math.round(100 * score).toString().padStart(4)}   goal ${100 * goal}`);
        const found = lhr.categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9);
        for (const { id } of found) console.log(`  ${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].title}`);
    }
    for (const id of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"]) {
        console.log(`${id.padEnd(26)} ${lhr.audits[id].displayValue}`);
    }
    const requests = lhr.audits["network-requests"].details.items;
    const engine = requests.findIndex(({ url }) => /duckdb/.test(url));
    const before = engine < 0 ? requests : requests.slice(0, engine);
    console.log("\nLoaded before the engine, in kB: over the wire, and as it is");
    const kilobytes = (bytes) => (bytes / 1e3).toFixed(1).padStart(9);
    for (const { url, transferSize, resourceSize } of before) {
        console.log(`${kilobytes(transferSize)} ${kilobytes(resourceSize)}  ${new URL(url).pathname}`);
    }
    const sum = (key) => before.reduce((total, request) => total + request[key], 0);
    console.log(`${kilobytes(sum("transferSize"))} ${kilobytes(sum("resourceSize"))}  altogether`);
} finally {
    await chrome.kill();
    server.kill();
}
if (!isMet && !options.report) process.exit(1);

/** Asks for the page and its program until they come: the server compresses each file once. */
async function compressed(address) {
    const headers = { "accept-encoding": "br" };
    for (let tries = 0; ; tries += 1) {
        const page = await fetch(address, { headers }).then((answer) => answer.text(), () => null);
        if (page !== null) {
            const files = [...page.matchAll(/(?:href|src)="([^"]+\.(?:js|css|wasm))"/g)].map(([, file]) => new URL(file, address));
            await Promise.all(files.map((file) => fetch(file, { headers }).then((answer) => answer.arrayBuffer())));
            return;
        }
        if (tries > 50) throw new Error(`${address} does not answer`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}
