// What may become HTML or a script in this page, beside the program's own views (decision 0113). The page's policy requires it.
(() => {
    const named = [...document.querySelectorAll('meta[name^="asset:"]')].map((meta) => new URL(meta.content, document.baseURI).href);
    const serviceWorker = new URL("service_worker.js", document.baseURI).href;
    globalThis.trustedTypes?.createPolicy("default", {
        // ECharts empties its elements so.
        createHTML: (html) => (html === "" ? html : null),
        // Files that the page names; a worker starts from a blob, so that the policy holds in it, too.
        createScriptURL: (url, _, sink) => {
            const { href, protocol } = new URL(url, document.baseURI);
            if (sink === "Worker constructor") return protocol === "blob:" ? url : null;
            if (sink === "ServiceWorkerContainer register") return href === serviceWorker ? url : null;
            return named.includes(href) ? url : null;
        },
    });
})();
