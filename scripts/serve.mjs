// A static server that behaves like common static hosts.
// usage: node scripts/serve.mjs [--port 8080] [--root dist] [--base /some/folder] [--plain]
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const { values } = parseArgs({
    options: {
        port: { type: "string", default: "8080" },
        root: { type: "string", default: "dist" },
        base: { type: "string", default: "/" },
        // A host that knows no compression and sets no headers, as plain stores of objects.
        plain: { type: "boolean", default: false },
    },
});
const root = path.resolve(values.root);
const base = `/${values.base}/`.replaceAll(/\/+/g, "/");
const types = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
};
const compressed = new Map();

createServer(async (request, response) => {
    try {
        const { pathname, search } = new URL(request.url, "http://localhost");
        const found = await find(decodeURIComponent(pathname));
        if (found.redirect) {
            response.writeHead(301, { location: found.redirect + search }).end();
            return;
        }
        await send(request, response, found.file, found.status);
    } catch (error) {
        response.writeHead(error instanceof URIError ? 400 : 500, { "content-type": "text/plain" }).end(String(error));
    }
}).listen(Number(values.port), () => console.log(`http://localhost:${values.port}${base} serves ${root}`));

async function find(pathname) {
    const missing = { file: path.join(root, "404.html"), status: 404 };
    if (!pathname.startsWith(base)) return pathname + "/" === base ? { redirect: base } : missing;
    const file = path.join(root, path.normalize(pathname.slice(base.length - 1)));
    if (!file.startsWith(root)) return missing;
    const entry = await stat(file).catch(() => null);
    if (entry?.isFile()) return { file, status: 200 };
    if (!entry?.isDirectory()) return missing;
    if (!pathname.endsWith("/")) return { redirect: `${pathname}/` };
    const index = path.join(file, "index.html");
    return (await stat(index).catch(() => null)) ? { file: index, status: 200 } : missing;
}

async function send(request, response, file, status) {
    const bytes = await readFile(file);
    const tag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
    const hashed = /-[0-9a-f]{8,16}(_bg)?[./]/.test(path.relative(root, file));
    const type = { "content-type": types[path.extname(file)] ?? "application/octet-stream" };
    if (values.plain) {
        response.writeHead(status, { ...type, "content-length": bytes.length }).end(request.method === "HEAD" ? undefined : bytes);
        return;
    }
    const headers = {
        ...type,
        "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
        vary: "accept-encoding",
        etag: tag,
    };
    if (status === 200 && request.headers["if-none-match"] === tag) {
        response.writeHead(304, headers).end();
        return;
    }
    const [encoding, body] = encode(request.headers["accept-encoding"] ?? "", tag, file, bytes);
    if (encoding) headers["content-encoding"] = encoding;
    headers["content-length"] = body.length;
    response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
}

function encode(accepted, tag, file, bytes) {
    if (values.plain || file.endsWith(".woff2") || file.endsWith(".gz")) return [null, bytes];
    const encoding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : null;
    if (!encoding) return [null, bytes];
    const key = `${encoding} ${tag}`;
    if (!compressed.has(key)) {
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
        compressed.set(key, encoding === "br" ? brotliCompressSync(bytes, quality) : gzipSync(bytes));
    }
    return [encoding, compressed.get(key)];
}
