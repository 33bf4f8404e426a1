// Keeps all files of one version as one, so that the page opens without a network (decision 0168).
// scripts/service_worker_list.mjs puts BUILD before it: { version, files: { path: [sha-256, bytes] }, packed: { path: [copy, from] } },
// where `packed` says in which compressed copy a file is, and from which byte on.
"use strict";

const SCOPE = new URL(self.registration.scope);
/** Other folders of this host may hold a MetricFlow of their own. */
const PREFIX = `metricflow ${SCOPE.pathname} `;
/** Is put into a version's cache last, and holds its list. A cache without it is not whole and answers nothing. */
const MARK = new URL("?whole", SCOPE).href;
/** Names that change with what is in the file: such a name never stands for two things. */
const NAMED_BY_CONTENT = /-[0-9a-f]{8,16}(_bg)?[./]/;
/** The build's types, whatever the host believes: a wrong one would stop a module or a program. */
const TYPES = {
    css: "text/css; charset=utf-8",
    html: "text/html; charset=utf-8",
    js: "text/javascript; charset=utf-8",
    png: "image/png",
    svg: "image/svg+xml",
    wasm: "application/wasm",
    webmanifest: "application/manifest+json",
    woff2: "font/woff2",
};
/** What a host says of the bytes on their way, which are not those that are kept. */
const OF_THE_TRANSFER = ["content-encoding", "content-length", "transfer-encoding", "vary", "age", "etag", "last-modified"];
const PATIENCE_MS = 30_000;

/** Pages that came from the network although a version is kept: all else of theirs comes from there, too. */
const passedBy = new Set();
let own = null;
let filling = null;
let begin;
const begun = new Promise((resolve) => (begin = resolve));

self.addEventListener("install", (event) => {
    // Nothing competes with the page's start; a page that never says so is not waited for.
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    event.waitUntil(Promise.race([begun, patience]).then(fill));
});

self.addEventListener("activate", (event) => event.waitUntil(removeUnused().catch(() => {})));

self.addEventListener("message", (event) => {
    if (event.data === "begin") begin();
    // The reader's own click, and nothing else, lets a version take over while pages are open.
    if (event.data === "take over") event.waitUntil(self.skipWaiting());
    if (event.data === "check") event.waitUntil(fill().then(removeUnused).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || request.headers.has("range")) return;
    if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
    const path = url.pathname.slice(SCOPE.pathname.length);
    if (request.mode === "navigate") {
        const page = pageAt(path);
        if (page === null) return;
        if (url.searchParams.get("offline") === "no") passedBy.add(event.resultingClientId);
        else event.respondWith(answerPage(event, page, url));
    } else if (url.search === "" && !passedBy.has(event.clientId)) {
        if (Object.hasOwn(BUILD.files, path)) event.respondWith(answerFile(request, path));
        else if (NAMED_BY_CONTENT.test(path)) event.respondWith(answerOlderFile(request, path));
    }
});

/** The file of a page: `models/` is `models/index.html`, `models` is led there. */
function pageAt(path) {
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path.endsWith(".html") ? path : `${path}/index.html`;
    return Object.hasOwn(BUILD.files, file) ? file : null;
}

/** A page decides for all that it loads: it is the kept version's if that is whole, else the network's. */
async function answerPage({ request, resultingClientId }, page, url) {
    own = whole(BUILD.version).catch(() => null);
    const version = await own;
    const answer = version && (await kept(version, page));
    if (!answer) {
        if (version) await giveUp();
        passedBy.add(resultingClientId);
        return fetch(request);
    }
    // Addresses in a page are relative to its folder.
    const isFolder = url.pathname.endsWith("/") || url.pathname.endsWith(".html");
    return isFolder ? answer : Response.redirect(`${url.origin}${url.pathname}/${url.search}`, 302);
}

async function answerFile(request, path) {
    own ??= whole(BUILD.version).catch(() => null);
    const version = await own;
    if (!version) return fetch(request);
    const answer = await kept(version, path);
    if (answer) return answer;
    await giveUp();
    // The page is this version's, so only this version's file may answer it.
    return (await fetchFile(path).catch(() => null)) ?? Response.error();
}

/** A page of the version before, still open since another one let this version take over. */
async function answerOlderFile(request, path) {
    for (const name of await otherVersions().catch(() => [])) {
        const version = await whole(name).catch(() => null);
        const answer = version && Object.hasOwn(version.files, path) && (await kept(version, path));
        if (answer) return answer;
    }
    return fetch(request);
}

/** The cache and the list of a version that is kept whole, else null. */
async function whole(version) {
    if (!(await caches.has(PREFIX + version))) return null;
    const cache = await caches.open(PREFIX + version);
    const mark = await cache.match(MARK);
    if (!mark) return null;
    const files = await mark.json();
    const addresses = new Set((await cache.keys()).map(({ url }) => url));
    return Object.keys(files).every((path) => addresses.has(addressOf(path))) ? { cache, files } : null;
}

/** A file out of a cache, if it is still what was built. */
async function kept({ cache, files }, path) {
    try {
        const answer = await cache.match(addressOf(path));
        const bytes = await answer.arrayBuffer();
        return (await isBuilt(bytes, files[path])) ? new Response(bytes, { headers: answer.headers }) : null;
    } catch {
        return null;
    }
}

async function isBuilt(bytes, [hash, length]) {
    if (bytes.byteLength !== length) return false;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === hash;
}

/** From now on the network answers, until the version is whole again. */
async function giveUp() {
    own = null;
    const cache = await caches.open(PREFIX + BUILD.version);
    await cache.delete(MARK);
}

/** Stores what is missing of this version; fails if a file can't be had as it was built. */
function fill() {
    filling ??= fillCache().finally(() => (filling = null));
    return filling;
}

async function fillCache() {
    if (await whole(BUILD.version)) return;
    const { files, version } = BUILD;
    const cache = await caches.open(PREFIX + version);
    try {
        for (const path of Object.keys(files)) {
            // An attempt before this one may have been cut off.
            if (await kept({ cache, files }, path)) continue;
            const answer = (await copyOfOther(path)) ?? (await fetchFile(path));
            if (!answer) throw new Error(`${path} is not what was built`);
            await cache.put(addressOf(path), answer);
        }
        await cache.put(MARK, new Response(JSON.stringify(files), { headers: { "content-type": "application/json" } }));
        own = null;
    } catch (error) {
        if (error.name === "QuotaExceededError") await caches.delete(PREFIX + version);
        throw error;
    }
}

/** The same file out of another version's cache. Pages are fetched, since they carry the host's headers for the whole page. */
async function copyOfOther(path) {
    if (path.endsWith(".html")) return null;
    for (const name of await otherVersions()) {
        const answer = await kept({ cache: await caches.open(PREFIX + name), files: BUILD.files }, path);
        if (answer) return answer;
    }
    return null;
}

/** A file of this version from its host, else null. */
async function fetchFile(path) {
    // The page itself has just loaded most files. A copy that the browser kept from before the update is asked for again.
    const ways = [NAMED_BY_CONTENT.test(path) ? "force-cache" : "no-cache", "reload"];
    // Some hosts know a page by its folder only, some by its file only.
    const addresses = path.endsWith("index.html") ? [addressOf(path).slice(0, -"index.html".length), addressOf(path)] : [addressOf(path)];
    for (const address of addresses) {
        for (const cache of ways) {
            const got = await fetchBytes(path, address, cache);
            if (got && (await isBuilt(got.bytes, BUILD.files[path]))) return new Response(got.bytes, { headers: headersOf(got.answer, path, got.bytes) });
        }
    }
    return null;
}

/** What a host answers; where it does not compress, the compressed copy is fetched, as the page does (scripts/fetch_program.js). */
async function fetchBytes(path, address, cache) {
    const stop = new AbortController();
    const options = { cache, credentials: "same-origin" };
    let answer = await fetch(address, { ...options, signal: stop.signal });
    if (answer.status !== 200) return null;
    const isPlain = !answer.headers.has("content-encoding") && typeof DecompressionStream === "function";
    if (isPlain && Object.hasOwn(BUILD.packed, path)) {
        stop.abort();
        const [copy, from] = BUILD.packed[path];
        const bytes = await fetchPacked(copy, options).catch(() => null);
        if (bytes) return { answer, bytes: bytes.slice(from, from + BUILD.files[path][1]) };
        answer = await fetch(address, options);
        if (answer.status !== 200) return null;
    }
    return { answer, bytes: await answer.arrayBuffer() };
}

/** What a compressed copy holds, else null. */
async function fetchPacked(copy, options) {
    const packed = await fetch(addressOf(copy), options);
    if (packed.status !== 200) return null;
    // Some hosts take the name for an encoding, and the browser has undone it then.
    const body = packed.headers.has("content-encoding") ? packed.body : packed.body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(body).arrayBuffer();
}

/** The host's headers (they may hold policies), but for the transfer; the build's type; and who answers. */
function headersOf(answer, path, bytes) {
    const headers = new Headers(answer.headers);
    for (const name of OF_THE_TRANSFER) headers.delete(name);
    const type = TYPES[path.split(".").pop()];
    if (type) headers.set("content-type", type);
    headers.set("content-length", bytes.byteLength);
    headers.set("x-metricflow-version", BUILD.version);
    return headers;
}

/** Removes versions that no open page is of. Where a page does not say which it is of, all stay. */
async function removeUnused() {
    const { installing, waiting } = self.registration;
    const others = await otherVersions();
    if (installing || waiting || others.length === 0) return;
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const used = await Promise.all(pages.filter(({ url }) => url.startsWith(SCOPE.href)).map(versionOf));
    if (used.includes(null)) return;
    for (const name of others) if (!used.includes(name)) await caches.delete(PREFIX + name);
}

/** The version of an open page, as it says itself; null if it does not. */
function versionOf(page) {
    return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        setTimeout(resolve, 5_000, null);
        page.postMessage("version", [port2]);
    });
}

async function otherVersions() {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    return names.map((name) => name.slice(PREFIX.length)).filter((name) => name !== BUILD.version);
}

function addressOf(path) {
    return new URL(path, SCOPE).href;
}
