// What the build changes of the program's bindings, so that its own HTML and no other passes Trusted Types.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, trustOwnHtml } from "../../scripts/trusted_html.mjs";

/** A module with a memory and one data segment of `text` for each place. */
function module(segments) {
    const bytes = segments.flatMap(([at, text]) => [0, 0x41, ...leb(at), 0x0b, text.length, ...Buffer.from(text)]);
    const data = [segments.length, ...bytes];
    return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 17, 11, data.length, ...data]);
}

function leb(value) {
    const bytes = [];
    for (let left = value; ; left >>>= 7) {
        // Signed: one more byte where the last would look negative.
        if (left < 0x40) return [...bytes, left];
        bytes.push((left & 0x7f) | 0x80);
    }
}

const wasm = module([
    [1048576, "<p>first</p>"],
    [1049000, "<p>last</p>"],
]);
const bindings = "set(arg0, arg1, arg2) { arg0.innerHTML = getStringFromWasm0(arg1, arg2); }";

test("the program's data begin with its first segment and end with its last", () => {
    assert.equal(WebAssembly.validate(wasm), true);
    assert.deepEqual(dataOf(wasm), { start: 1048576, end: 1049011 });
});

test("only what lies in the data becomes trusted", () => {
    const trusted = trustOwnHtml(bindings, wasm);
    const of = new Function(
        "globalThis",
        "getStringFromWasm0",
        `${trusted.slice(trusted.indexOf("const ownHtmlPolicy"))}; return ownHtml;`,
    )({ trustedTypes: { createPolicy: (_, policy) => ({ createHTML: (html) => ({ trusted: policy.createHTML(html) }) }) } }, (at, length) => `${at}+${length}`);
    assert.deepEqual(of(1048576, 12), { trusted: "1048576+12" });
    assert.deepEqual(of(1049000, 11), { trusted: "1049000+11" });
    for (const [at, length] of [[1049000, 12], [1048575, 12], [4, 8], [1049011, 1], [2000000, 8]]) {
        assert.equal(of(at, length), `${at}+${length}`);
    }
});

test("bindings that set HTML elsewhere stop the build", () => {
    assert.throws(() => trustOwnHtml("no HTML", wasm), /in 0 places/);
    assert.throws(() => trustOwnHtml(`${bindings} ${bindings}`, wasm), /in 2 places/);
    assert.throws(() => trustOwnHtml(`${bindings} arg0.outerHTML = x`, wasm), /in 2 places/);
    assert.throws(() => dataOf(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), /no data/);
});
