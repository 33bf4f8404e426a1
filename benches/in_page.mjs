// Run inside the page by bench.mjs: the workers without the app around them.

/** Generates a scenario in `workers` workers and drops the rows. */
export async function generateInWorkers({ address, query, workers }) {
    const html = await (await fetch(address)).text();
    const path = /name="asset:generation-worker"\s+content="([^"]+)"/.exec(html)[1];
    const members = Array.from({ length: workers }, () => new Worker(new URL(path, address), { type: 'module' }));
    const listen = (worker) => new Promise((resolve) => (worker.onmessage = (event) => resolve(event.data)));
    await Promise.all(members.map(listen));
    const ask = async (worker, request) => {
        const answer = listen(worker);
        worker.postMessage([1, JSON.stringify(request)]);
        const [, json, ...buffers] = await answer;
        return [json, buffers];
    };
    const began = performance.now();
    let blocks = 0;
    for (const [json] of await Promise.all(members.map((worker) => ask(worker, { Open: { query } })))) {
        blocks = JSON.parse(json).Opened.blocks;
    }
    // The sum is a 64-bit number, so it stays text.
    let total = 0n;
    const share = (index) => Math.floor((blocks * index) / workers);
    const sums = await Promise.all(
        members.map((worker, index) => ask(worker, { Exposure: { first: share(index), end: share(index + 1) } })),
    );
    for (const [json] of sums) total += BigInt(/"sum":(\d+)/.exec(json)[1]);
    const tables = ['users', 'sessions', 'events', 'subscriptions', 'payments', 'marketing_touches', 'ad_spend'].map((name) => `raw.${name}`);
    let next = 0;
    let rows = 0;
    await Promise.all(
        members.map(async (worker) => {
            while (next < blocks) {
                const first = next;
                next += 2;
                const request = { Blocks: { first, end: Math.min(first + 2, blocks), total_exposure: 0, tables } };
                const text = JSON.stringify(request).replace('"total_exposure":0', `"total_exposure":${total}`);
                const answer = listen(worker);
                worker.postMessage([1, text]);
                const [, json] = await answer;
                rows += JSON.parse(json).Rows.streams.reduce((sum, stream) => sum + stream.rows, 0);
            }
        }),
    );
    const milliseconds = performance.now() - began;
    for (const worker of members) worker.terminate();
    return { rows, milliseconds };
}

/** Loads events of the scenario into a DuckDB of its own. */
export async function ingest({ address, query }) {
    const html = await (await fetch(address)).text();
    const asset = (name) => new URL(new RegExp(`name="asset:${name}"\\s+content="([^"]+)"`).exec(html)[1], address).href;
    const generator = new Worker(asset('generation-worker'), { type: 'module' });
    const listen = (worker) => new Promise((resolve) => (worker.onmessage = (event) => resolve(event.data)));
    await listen(generator);
    const ask = async (request) => {
        const answer = listen(generator);
        generator.postMessage([1, request]);
        return answer;
    };
    await ask(JSON.stringify({ Open: { query } }));
    const [, exposure] = await ask(JSON.stringify({ Exposure: { first: 0, end: 10 } }));
    const total = /"sum":(\d+)/.exec(exposure)[1];
    const streams = [];
    for (let block = 0; block < 10; block += 2) {
        const request = `{"Blocks":{"first":${block},"end":${block + 2},"total_exposure":${total},"tables":["raw.events"]}}`;
        const [, json, buffer] = await ask(request);
        streams.push({ rows: JSON.parse(json).Rows.streams[0].rows, buffer });
    }
    generator.terminate();

    const duckdb = new Worker(asset('duckdb-worker'));
    let number = 0;
    const waiting = new Map();
    duckdb.onmessage = ({ data }) => {
        const settle = waiting.get(data.requestId);
        if (!settle || data.type === 'LOG' || data.type === 'INSTANTIATE_PROGRESS') return;
        waiting.delete(data.requestId);
        data.type === 'ERROR' ? settle[1](new Error(data.data.message)) : settle[0](data.data);
    };
    const call = (type, data, transfer = []) =>
        new Promise((resolve, reject) => {
            number += 1;
            waiting.set(number, [resolve, reject]);
            duckdb.postMessage({ messageId: number, type, data }, transfer);
        });
    await call('INSTANTIATE', [asset('duckdb-wasm'), null]);
    await call('OPEN', { query: {} });
    const connection = await call('CONNECT', null);
    await call('RUN_QUERY', [connection, 'set autoload_known_extensions = false']);
    await call('RUN_QUERY', [connection, "attach ':memory:' as bench (compress)"]);
    await call('RUN_QUERY', [connection, 'use bench']);
    const began = performance.now();
    let rows = 0;
    for (const [index, stream] of streams.entries()) {
        const options = { name: 'events', schema: 'main', create: index === 0 };
        await call('INSERT_ARROW_FROM_IPC_STREAM', [connection, stream.buffer, options], [stream.buffer.buffer]);
        await call('RUN_QUERY', [connection, 'checkpoint']);
        rows += stream.rows;
    }
    const milliseconds = performance.now() - began;
    duckdb.terminate();
    return { rows, milliseconds };
}
