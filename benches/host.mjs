// A host of a build behind a counter: what it sends, by file, and if asked no faster than a connection is.
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes that go over the connection at a time. */
const PART = 16_384;

/**
 * Serves `root` by scripts/serve.mjs with `more` arguments on `port`, and through a connection of `mbits` on `port + 100`. Gives the
 * connection's address, `taken()`: bytes sent since it was last asked, by path, and `close()`.
 */
export async function hostOf(root, port, { more = [], mbits = Infinity, latencyMs = 0 } = {}) {
    const host = spawn('node', ['scripts/serve.mjs', '--root', root, '--port', String(port), ...more], { stdio: 'ignore' });
    process.on('exit', () => host.kill());
    let sent = new Map();
    /** When the connection has sent all that was given to it, in ms. */
    let isFreeAt = 0;
    const slow = () =>
        new Transform({
            async transform(given, _, done) {
                for (let from = 0; from < given.length; from += PART) {
                    const part = given.subarray(from, from + PART);
                    isFreeAt = Math.max(isFreeAt, performance.now()) + (part.length * 8) / (mbits * 1000);
                    if (isFreeAt - performance.now() > 1) await sleep(isFreeAt - performance.now());
                    this.push(part);
                }
                done();
            },
        });
    const counter = createServer((asked, answer) => {
        const { method, headers, url } = asked;
        const passed = request({ port, path: url, method, headers }, async (given) => {
            if (latencyMs > 0) await sleep(latencyMs);
            answer.writeHead(given.statusCode, given.headers);
            const limited = mbits === Infinity ? given : given.pipe(slow());
            limited.on('data', (part) => sent.set(url, (sent.get(url) ?? 0) + part.length));
            limited.pipe(answer);
        });
        // What a browser no longer wants is not sent on.
        answer.on('close', () => passed.destroy());
        passed.on('error', () => answer.destroy());
        asked.pipe(passed);
    });
    counter.listen(port + 100);
    await sleep(500);
    const taken = () => {
        const files = sent;
        sent = new Map();
        return files;
    };
    const close = () => {
        counter.closeAllConnections();
        counter.close();
        host.kill();
    };
    return { address: `http://localhost:${port + 100}/`, taken, close };
}
