// Takes the place of service_worker.js where it is to go: removes itself and all that was kept (docs/hosting.md).
"use strict";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => {
    const prefix = `metricflow ${new URL(self.registration.scope).pathname} `;
    const remove = async () => {
        await self.registration.unregister();
        for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
    };
    event.waitUntil(remove().catch(() => {}));
});
