// Takes the place of service_worker.js where it is to go: removes itself and all that was kept (docs/hosting.md).
"use strict";

const SCOPE = new URL(self.registration.scope);
const PATIENCE_MS = 30_000;

let begin;
const begun = new Promise((resolve) => (begin = resolve));

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(remove().catch(() => {})));
self.addEventListener("message", (event) => {
    if (event.data === "begin") begin();
    if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

/** Like any version it waits until the reader says so or all pages are closed. Only where no page works there is nothing to wait for. */
async function install() {
    await Promise.race([begun, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const working = await Promise.all(pages.filter(({ url }) => url.startsWith(SCOPE.href)).map(works));
    if (!working.includes(true)) await self.skipWaiting();
}

function works(page) {
    return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(true);
        setTimeout(resolve, 5_000, false);
        page.postMessage("version", [port2]);
    });
}

async function remove() {
    await self.registration.unregister();
    const prefix = `metricflow ${SCOPE.pathname} `;
    for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
}
