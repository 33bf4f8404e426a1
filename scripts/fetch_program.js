/**
 * Fetches a program of WebAssembly for any host (docs/hosting.md). `#parts=n&bytes=m` behind its address says that it is published in
 * parts, since some hosts take no large file. Where the host does not compress, the copy that the build compressed is fetched instead.
 * scripts/post_build.mjs puts this function before the page's start, scripts/vendor.mjs into the engine's worker.
 */
async function fetchProgram(address) {
    const url = new URL(address);
    const facts = new URLSearchParams(url.hash.slice(1));
    url.hash = "";
    const parts = Number(facts.get("parts") ?? 1);
    const names = parts === 1 ? [url.href] : Array.from({ length: parts }, (_, index) => url.href.replace(/\.wasm$/, `.${index + 1}.wasm`));
    const asProgram = (body) => {
        const headers = new Headers({ "content-type": "application/wasm" });
        if (facts.has("bytes")) headers.set("content-length", facts.get("bytes"));
        return new Response(body, { headers });
    };
    const isPage = (answer) => answer.headers.get("content-type")?.startsWith("text/html") ?? false;
    const stop = new AbortController();
    let first = await fetch(names[0], { signal: stop.signal });
    // What the service worker kept (decision 0168) is not compressed, and not on its way either.
    const isKept = first.headers.has("x-metricflow-version");
    const isPlain = first.ok && !isPage(first) && !isKept && !first.headers.has("content-encoding");
    if (isPlain && facts.has("bytes") && typeof DecompressionStream === "function") {
        stop.abort();
        const packed = await fetch(`${url.href}.gz`).catch(() => null);
        if (packed?.ok && !isPage(packed)) {
            // Some hosts take the name for an encoding, and the browser has undone it then.
            const isUndone = packed.headers.has("content-encoding");
            return asProgram(isUndone ? packed.body : packed.body.pipeThrough(new DecompressionStream("gzip")));
        }
        first = await fetch(names[0]);
    }
    // As it came, so that the browser may keep what it compiles.
    if (parts === 1) return first;
    const answers = [first, ...(await Promise.all(names.slice(1).map((name) => fetch(name))))];
    const bad = answers.find((answer) => !answer.ok || isPage(answer));
    if (bad) return bad;
    const { readable, writable } = new TransformStream();
    const join = async () => {
        for (const { body } of answers) await body.pipeTo(writable, { preventClose: true });
        await writable.close();
    };
    join().catch((error) => writable.abort(error));
    return asProgram(readable);
}
