// Trunk post_build hook: makes the built page hold under the strict CSP, cacheable for ever, and
// reachable by its deep links on any static host and in any folder.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { routes } from "./routes.mjs";
import { writeServiceWorker } from "./service_worker_list.mjs";
import { trustOwnHtml } from "./trusted_html.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("post_build.mjs runs as a Trunk hook: TRUNK_STAGING_DIR is not set");
const indexFile = path.join(staging, "index.html");

let html = await readFile(indexFile, "utf8");
html = await publishEngine(html);
html = await hashVendor(html);
html = await hashWorkers(html);
html = await trustViews(html);
html = await publishProgram(html);
html = await moveInlineScripts(html);
html = await hashScripts(html);
html = nameSite(html);
await writeFile(indexFile, html);
await writeRoutes(html);
await writeNotFound();
// A page that is rebuilt while one works on it is not to be kept by the browser.
await writeServiceWorker(staging, { isRetired: process.env.TRUNK_PROFILE !== "release" || process.env.OFFLINE === "no" });

/** Some hosts take no file above 25 MiB, so the engine goes in parts that a host may compress, and once compressed for those that don't. */
async function publishEngine(html) {
    const file = path.join(staging, "vendor", "duckdb-eh.wasm");
    const bytes = await readFile(file);
    await pack(file);
    const half = Math.ceil(bytes.length / 2);
    await writeFile(file.replace(/\.wasm$/, ".1.wasm"), bytes.subarray(0, half));
    await writeFile(file.replace(/\.wasm$/, ".2.wasm"), bytes.subarray(half));
    await rm(file);
    return html.replace(/content="[^"]*duckdb-eh\.wasm"/, `content="vendor/duckdb-eh.wasm#parts=2&amp;bytes=${bytes.length}"`);
}

/** Puts a compressed copy beside a file; gives the file's size. */
async function pack(file) {
    const bytes = await readFile(file);
    await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    return bytes.length;
}

async function fetchingProgram() {
    const files = ["fetch_program.js", "begin_engine.js"].map((file) => readFile(path.join(import.meta.dirname, file), "utf8"));
    return (await Promise.all(files)).join("\n");
}

/** Has the program fetched by the page's first script, before anything else, instead of by a preload that knows no compressed copy. */
async function publishProgram(html) {
    const wasm = (await readdir(staging)).find((file) => /^app-[0-9a-f]+_bg\.wasm$/.test(file));
    const bytes = await pack(path.join(staging, wasm));
    const watch = path.join(staging, "start_watch.js");
    // Named by the page and not by the script: a host without headers may give an old script to a new page.
    const begin = `(() => {
    const asset = (name) => new URL(document.querySelector(\`meta[name="asset:\${name}"]\`).content, document.baseURI).href;
    globalThis.metricflowProgram = fetchProgram(asset("app"));
    globalThis.metricflowEngine = engineBehind(asset("app"), asset("duckdb-wasm"));
})();`;
    await writeFile(watch, `${await readFile(watch, "utf8")}\n${await fetchingProgram()}\n${begin}\n`);
    const started = `module_or_path: './${wasm}'`;
    if (!html.includes(started)) throw new Error("post_build.mjs: Trunk starts the program in another way than expected");
    return html
        .replace('<script src="start_watch.js">', `<meta name="asset:app" content="${wasm}#bytes=${bytes}" />\n        $&`)
        .replace(started, `module_or_path: globalThis.metricflowProgram ?? './${wasm}'`)
        .replaceAll(/<link\b[^>]*rel="preload"[^>]*>/g, (link) => (link.includes(wasm) ? "" : link));
}

/** Renames the folder `vendor` after its contents. */
async function hashVendor(html) {
    const folder = `vendor-${await hashOfFolder(path.join(staging, "vendor"))}`;
    await rm(path.join(staging, folder), { recursive: true, force: true });
    await rename(path.join(staging, "vendor"), path.join(staging, folder));
    return html.replaceAll(/(href|src|content)="(?:\.\/)?vendor\//g, `$1="${folder}/`);
}

/** Moves each worker (loader, bindings, wasm) into a folder named after its contents. */
async function hashWorkers(html) {
    const files = await readdir(staging);
    const names = files.filter((file) => file.endsWith("_loader.js")).map((file) => file.replace(/_loader\.js$/, ""));
    for (const name of names) {
        const parts = files.filter((file) => file === `${name}.js` || file.startsWith(`${name}_`));
        const hash = createHash("sha256").update(await fetchingProgram());
        for (const part of parts.sort()) hash.update(part).update(await readFile(path.join(staging, part)));
        const folder = `${name.replaceAll("_", "-")}-${hash.digest("hex").slice(0, 16)}`;
        await mkdir(path.join(staging, folder), { recursive: true });
        for (const part of parts) await rename(path.join(staging, part), path.join(staging, folder, part));
        const loader = path.join(staging, folder, `${name}_loader.js`);
        const text = await readFile(loader, "utf8");
        const here = text.replaceAll(/(["'])(?:\.?\/)(?=[^"']*(?:\.js|\.wasm)\1)/g, "$1./");
        const bytes = await pack(path.join(staging, folder, `${name}_bg.wasm`));
        const program = `fetchProgram(new URL("./${name}_bg.wasm#bytes=${bytes}", import.meta.url).href)`;
        if (!here.includes("init()")) throw new Error(`post_build.mjs: ${name} is started in another way than expected`);
        await writeFile(loader, `${await fetchingProgram()}\n${here.replace("init()", `init({ module_or_path: ${program} })`)}`);
        html = html.replaceAll(`content="${name}_loader.js"`, `content="${folder}/${name}_loader.js"`);
    }
    return html;
}

/** Binds the page's `innerHTML` to the program's own texts; the file is named anew after what it holds then. */
async function trustViews(html) {
    const files = await readdir(staging);
    const wasm = files.find((file) => /^app-[0-9a-f]+_bg\.wasm$/.test(file));
    const bindings = files.find((file) => /^app-[0-9a-f]+\.js$/.test(file));
    if (!wasm || !bindings) throw new Error("post_build.mjs: the program's files are not where they are expected");
    const text = trustOwnHtml(await readFile(path.join(staging, bindings), "utf8"), await readFile(path.join(staging, wasm)));
    const file = `app-${shortHash(text)}.js`;
    await rm(path.join(staging, bindings));
    await writeFile(path.join(staging, file), text);
    const integrity = `sha384-${createHash("sha384").update(text).digest("base64")}`;
    return html
        .replaceAll(/<link\b[^>]*>/g, (link) => (link.includes(bindings) ? link.replace(/integrity="[^"]*"/, () => `integrity="${integrity}"`) : link))
        .replaceAll(bindings, file);
}

/** Whoever makes pictures of links wants a whole address; SITE_URL gives it, where it is known. */
function nameSite(html) {
    const site = process.env.SITE_URL;
    return site ? html.replace('content="share.png"', () => `content="${new URL("share.png", site).href}"`) : html;
}

/** Moves inline scripts into files, since the CSP allows none. */
async function moveInlineScripts(html) {
    const inline = /<script(?<attributes>[^>]*)>(?<body>[\s\S]*?)<\/script>/g;
    for (const match of html.matchAll(inline)) {
        const { attributes, body } = match.groups;
        if (!body.trim()) continue;
        const file = `start-${shortHash(body)}.js`;
        await writeFile(path.join(staging, file), body);
        const kept = attributes.replace(/\s*nonce="[^"]*"/, "");
        html = html.replace(match[0], () => `<script${kept} src="${file}"></script>`);
    }
    return html;
}

/** Names the page's scripts after their contents: two versions never have different files of one name (decision 0168). */
async function hashScripts(html) {
    for (const [tag, file] of html.matchAll(/<script src="([a-z_]+\.js)"/g)) {
        const text = await readFile(path.join(staging, file), "utf8");
        const named = file.replace(/\.js$/, `-${shortHash(text)}.js`);
        await rename(path.join(staging, file), path.join(staging, named));
        html = html.replace(tag, () => tag.replace(file, named));
    }
    return html;
}

/** Writes one page a route, so that hosts without rewrite rules serve deep links. */
async function writeRoutes(html) {
    for (const route of routes) {
        const up = "../".repeat(route.split("/").length);
        const page = html.replace(/<base href="[^"]*"\s*\/?>/, `<base href="${up}" />`);
        if (page === html) throw new Error("post_build.mjs: index.html has no <base href>");
        await mkdir(path.join(staging, route), { recursive: true });
        await writeFile(path.join(staging, route, "index.html"), page);
    }
}

/** Puts 404.js into 404.html, allowed by its hash: the page is served at any depth. */
async function writeNotFound() {
    const file = path.join(staging, "404.html");
    const script = await readFile(path.join(staging, "404.js"), "utf8");
    const hash = createHash("sha256").update(script).digest("base64");
    const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash}'; connect-src 'self'; base-uri 'none'; form-action 'none'" />`;
    const page = (await readFile(file, "utf8"))
        .replace("<head>", () => `<head>${policy}`)
        .replace('<script data-inline="404.js"></script>', () => `<script>${script}</script>`);
    await writeFile(file, page);
    await rm(path.join(staging, "404.js"));
}

async function hashOfFolder(folder) {
    const hash = createHash("sha256");
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
    for (const file of paths.sort()) hash.update(path.relative(folder, file)).update(await readFile(file));
    return hash.digest("hex").slice(0, 16);
}

function shortHash(text) {
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
