// Writes the service worker with the list of its version's files, and the version's name into the pages (decision 0168).
// usage: node scripts/service_worker_list.mjs FOLDER [--retired]
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const sources = path.join(import.meta.dirname, "../public");
const versionMeta = /<meta name="version" content="[^"]*"/;
/** Files that no page asks for: the worker itself, what hosts answer with, what chats read, the vendoring's note, copies of other files. */
const notKept = /^(service_worker\.js|404\.html|share\.png|robots\.txt)$|(^|\/)(\.[^/]*|stamp\.txt)$|\.gz$/;

/** Writes `service_worker.js` for a finished folder; a retired one removes what earlier ones kept. */
export async function writeServiceWorker(folder, { isRetired = false } = {}) {
    const worker = path.join(folder, "service_worker.js");
    const paths = await filesOf(folder);
    const pages = paths.filter((file) => file.endsWith(".html"));
    // A page names its version, which therefore can't depend on that name.
    for (const page of pages) await nameVersion(folder, page, "");
    if (isRetired) return writeFile(worker, await readFile(path.join(sources, "retired_service_worker.js")));
    const source = await readFile(path.join(sources, "service_worker.js"), "utf8");
    const version = createHash("sha256").update(JSON.stringify(await listOf(folder, paths))).update(source).digest("hex").slice(0, 16);
    for (const page of pages) await nameVersion(folder, page, version);
    const files = await listOf(folder, paths);
    const build = { version, files, packed: packedOf(files, await readdir(folder, { recursive: true })) };
    await writeFile(worker, `const BUILD = ${JSON.stringify(build, null, 1)};\n${source}`);
    return version;
}

async function filesOf(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    return files.map((file) => file.replaceAll(path.sep, "/")).filter((file) => !notKept.test(file)).sort();
}

/** Each file's hash and length. */
async function listOf(folder, paths) {
    const list = {};
    for (const file of paths) {
        const bytes = await readFile(path.join(folder, file));
        list[file] = [createHash("sha256").update(bytes).digest("hex"), bytes.length];
    }
    return list;
}

/** In which compressed copy a file is, and from which byte on; the engine's parts are in one. */
function packedOf(files, everything) {
    const copies = new Set(everything.map((file) => file.replaceAll(path.sep, "/")).filter((file) => file.endsWith(".gz")));
    const packed = {};
    const lengths = {};
    for (const [file, [, bytes]] of Object.entries(files)) {
        const copy = `${file.replace(/\.\d+\.wasm$/, ".wasm")}.gz`;
        if (!copies.has(copy)) continue;
        packed[file] = [copy, lengths[copy] ?? 0];
        lengths[copy] = packed[file][1] + bytes;
    }
    return packed;
}

async function nameVersion(folder, page, version) {
    const file = path.join(folder, page);
    const html = await readFile(file, "utf8");
    if (!versionMeta.test(html)) throw new Error(`service_worker_list.mjs: ${page} has no <meta name="version">`);
    await writeFile(file, html.replace(versionMeta, `<meta name="version" content="${version}"`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { retired: { type: "boolean", default: false } } });
    console.log((await writeServiceWorker(path.resolve(positionals[0]), { isRetired: values.retired })) ?? "retired");
}
