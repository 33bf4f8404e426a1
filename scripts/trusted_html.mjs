// Lets the program's own fixed HTML through Trusted Types, and nothing else (decision 0113).
//
// Leptos writes the fixed parts of its views through `innerHTML`: literals of the program, which lie in the data that its
// WebAssembly file brings. Text that is made while it runs (rows, names, the link) lies on the stack before or the heap behind
// them. So the one binding that sets `innerHTML` is given the bounds of the data.

const SETTER = /\.innerHTML = getStringFromWasm0\((\w+), (\w+)\);/g;

/** The bindings of the program (JavaScript), with `innerHTML` bound to the data of its `wasm` file. */
export function trustOwnHtml(bindings, wasm) {
    const found = [...bindings.matchAll(SETTER)];
    const any = bindings.match(/(?:inner|outer)HTML\s*=|insertAdjacentHTML\(|setHTMLUnsafe\(/g) ?? [];
    if (found.length !== 1 || any.length !== 1) {
        throw new Error(`trusted_html.mjs: the bindings set HTML in ${any.length} places, ${found.length} of them known; one is expected`);
    }
    const { start, end } = dataOf(wasm);
    const bound = bindings.replace(SETTER, (_, at, length) => `.innerHTML = ownHtml(${at} >>> 0, ${length} >>> 0);`);
    return `${bound}
const ownHtmlPolicy = globalThis.trustedTypes?.createPolicy("metricflow-views", { createHTML: (html) => html });

/** A text of the program as HTML; one that was made while it ran stays a text, which the page's policy refuses. */
function ownHtml(at, length) {
    const html = getStringFromWasm0(at, length);
    const isOwn = at >= ${start} && at + length <= ${end};
    return isOwn && ownHtmlPolicy ? ownHtmlPolicy.createHTML(html) : html;
}
`;
}

/** Where the active data segments of a WebAssembly module begin and end in its memory. */
export function dataOf(wasm) {
    let at = 8;
    const number = () => {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            const byte = wasm[at++];
            value += (byte & 0x7f) * 2 ** shift;
            if (byte < 0x80) return value;
        }
    };
    let [start, end] = [Infinity, 0];
    while (at < wasm.length) {
        const section = wasm[at++];
        const behind = number() + at;
        if (section === 11) {
            for (let left = number(); left > 0; left--) {
                const kind = number();
                // Passive segments, other memories and computed places are not what the compiler writes here.
                if (kind !== 0 || wasm[at++] !== 0x41) throw new Error("trusted_html.mjs: a data segment has no fixed place");
                const from = number();
                if (wasm[at++] !== 0x0b) throw new Error("trusted_html.mjs: a data segment has no fixed place");
                const length = number();
                start = Math.min(start, from);
                end = Math.max(end, from + length);
                at += length;
            }
        }
        at = behind;
    }
    if (end === 0) throw new Error("trusted_html.mjs: the program has no data");
    return { start, end };
}
