// Peak memory of the tab for scenarios of different sizes, beside the estimate of src/state/size.rs.
// usage: node benches/memory.mjs [--root dist] [--port 4173] [--only users=500&events=100&months=48]
// Linux only: reads the renderer's peak resident memory (VmHWM) from /proc.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";

const { values } = parseArgs({
    options: {
        root: { type: "string", default: "dist" },
        port: { type: "string", default: "4173" },
        only: { type: "string", multiple: true },
    },
});
// The first ten are those the constants must hold for, within a quarter.
const scenarios = values.only ?? [
    "users=500&events=100&months=48",
    "users=10000&events=200&months=48",
    "users=10000&events=200&months=12",
    "users=5000&events=50&months=60",
    "users=50000&events=20&months=48",
    "users=20000&events=400&months=48",
    "users=100000&events=5&months=48",
    "users=30000&events=200&months=24",
    "users=150000&events=50&months=48",
    "users=50000&events=200&months=48",
];

const server = spawn(process.execPath, ["scripts/serve.mjs", "--root", values.root, "--port", values.port], { stdio: "pipe" });
await new Promise((resolve) => server.stdout.once("data", resolve));
console.log("| scenario | raw rows | tab at its peak, MB | engine's tables, MB |\n| --- | ---: | ---: | ---: |");
for (const scenario of scenarios) {
    const browser = await chromium.launchServer({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
    const client = await chromium.connect(browser.wsEndpoint());
    const page = await client.newPage();
    await page.goto(`http://localhost:${values.port}/?${scenario}`);
    await page.waitForFunction(() => window.metricflow !== undefined);
    await page.evaluate(() => window.metricflow.ready);
    const status = await page.evaluate(() => window.metricflow.status());
    const [{ rows }] = await page.evaluate(() =>
        window.metricflow.query("select cast(sum(estimated_size) as bigint) as rows from duckdb_tables() where schema_name in ('raw', 'truth')"),
    );
    const peak = peakOf(browser.process().pid);
    console.log(`| \`${scenario}\` | ${rows} | ${peak} | ${Math.round(status.memory_bytes / 1e6)} |`);
    await client.close();
    await browser.close();
}
server.kill();

/** Peak resident memory of the largest renderer below a browser's process, in megabytes. */
function peakOf(browser) {
    const status = new Map();
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
            status.set(Number(pid), {
                text: readFileSync(`/proc/${pid}/status`, "utf8"),
                command: readFileSync(`/proc/${pid}/cmdline`, "utf8"),
            });
        } catch {
            // The process ended while it was read.
        }
    }
    const parent = (pid) => Number(/PPid:\s+(\d+)/.exec(status.get(pid)?.text ?? "")?.[1] ?? 0);
    const isBelow = (pid) => pid === browser || (pid > 1 && isBelow(parent(pid)));
    const peaks = [...status]
        .filter(([pid, { command }]) => command.includes("--type=renderer") && isBelow(pid))
        .map(([, { text }]) => Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1.024e-3);
    return Math.round(Math.max(0, ...peaks));
}
