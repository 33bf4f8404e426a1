/**
 * Has the database engine's program fetched and compiled while the page's own program starts (decision 0170). It begins once the page's
 * program has come, so that it takes no network from the first paint, or when it is asked for. Where an earlier visit kept its results
 * (decision 0169) charts need no engine: it would take a core from them, and begins only when it is asked for.
 * `scripts/post_build.mjs` puts this behind the function that fetches programs; `src/warehouse/compiled.rs` takes the module.
 */
function engineBehind(program, engine) {
    let module = null;
    const state = {
        address: engine,
        bytes: 0,
        total: 0,
        /** The module, once it is compiled; rejects when it did not come, or not whole. */
        compiled() {
            module ??= compile();
            return module;
        },
    };
    const compile = async () => {
        const answer = await fetchProgram(engine);
        if (!answer.ok) throw new Error(`${engine}: ${answer.status}`);
        state.total = Number(answer.headers.get("content-length") ?? 0);
        const count = new TransformStream({
            transform(part, controller) {
                state.bytes += part.byteLength;
                controller.enqueue(part);
            },
        });
        return WebAssembly.compileStreaming(new Response(answer.body.pipeThrough(count), answer));
    };
    const hasKept = async () => (await indexedDB.databases()).some((database) => database.name === "metricflow-kept");
    const begin = async () => {
        if (await hasKept().catch(() => false)) return;
        // Whoever uses the module hears why it did not come.
        state.compiled().catch(() => {});
    };
    const name = program.split("#")[0];
    new PerformanceObserver((list, observer) => {
        if (!list.getEntries().some((entry) => entry.name.startsWith(name) && entry.responseEnd > 0)) return;
        observer.disconnect();
        begin();
    }).observe({ type: "resource", buffered: true });
    return state;
}
