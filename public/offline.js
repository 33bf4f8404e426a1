// Has the version kept for visits without a network, and offers a new one (decision 0168). It needs nothing of the program,
// so that a version whose program does not start can be left, too.
(() => {
    const site = document.baseURI;
    const version = document.querySelector('meta[name="version"]')?.content;
    const HOUR_MS = 3_600_000;

    // `offline=no` passes the worker by, once; the program would not know the key.
    const address = new URL(location.href);
    const isPassedBy = address.searchParams.get("offline") === "no";
    if (isPassedBy) {
        address.searchParams.delete("offline");
        history.replaceState(history.state, "", address);
    }

    function container() {
        try {
            return navigator.serviceWorker;
        } catch {
            // Switched off, or a frame that may keep nothing.
            return undefined;
        }
    }

    function wait(milliseconds) {
        return new Promise((resolve) => setTimeout(resolve, milliseconds));
    }

    /** Once the first run has ended, well or not, and its charts are drawn. */
    async function quiet() {
        // Each look at it is a promise of its own, and one that nobody catches is an error.
        let ready;
        while (!(ready = window.metricflow?.ready)) await wait(1_000);
        await ready.catch(() => {});
        await wait(2_000);
    }

    function button(text, className, act) {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        made.className = className;
        made.addEventListener("click", act);
        return made;
    }

    /** Says that a new version is there; the reader decides when it is used. */
    function offer(workers, registration) {
        const region = document.getElementById("new-version");
        if (!region || region.childElementCount > 0) return;
        const reload = () => {
            const { waiting } = registration;
            // Another page may have let it take over already.
            if (!waiting) return location.reload();
            workers.addEventListener("controllerchange", () => location.reload(), { once: true });
            waiting.postMessage("take over");
        };
        const words = document.createElement("p");
        words.textContent = "A new version is ready. Reload to use it.";
        const line = document.createElement("div");
        line.className = "new-version";
        line.dataset.testid = "new-version";
        line.append(words, button("Reload", "button primary", reload), button("Later", "text-button", () => region.replaceChildren()));
        region.append(line);
    }

    function follow(workers, registration, isQuiet) {
        // A page that came past the worker is of the host's version already.
        const look = () => {
            if (registration.waiting && workers.controller) offer(workers, registration);
        };
        const followInstalling = () => {
            const { installing } = registration;
            if (!installing) return;
            installing.addEventListener("statechange", look);
            isQuiet.then(() => installing.postMessage("begin"));
        };
        registration.addEventListener("updatefound", followInstalling);
        followInstalling();
        look();
        let asked = Date.now();
        document.addEventListener("visibilitychange", () => {
            // A tab that stays open for days never navigates, which is when browsers look for a new version.
            if (document.hidden || Date.now() - asked < HOUR_MS) return;
            asked = Date.now();
            registration.update().catch(() => {});
        });
    }

    async function start(workers) {
        workers.addEventListener("message", ({ data, ports }) => {
            if (data === "version") ports[0]?.postMessage(version);
        });
        workers.startMessages();
        const isQuiet = quiet();
        const found = await workers.getRegistration(site);
        // That of a folder above this one is another site's.
        let registration = found?.scope === site ? found : undefined;
        if (registration) follow(workers, registration, isQuiet);
        await isQuiet;
        if (!registration) {
            const worker = new URL("service_worker.js", site).href;
            registration = await workers.register(worker, { scope: site, updateViaCache: "none" });
            if (registration) follow(workers, registration, isQuiet);
        }
        registration?.active?.postMessage("check");
        // Browsers look for a new worker when the old one answers a page, which a broken one may not do.
        if (found && (isPassedBy || !workers.controller)) await registration.update();
    }

    const workers = container();
    // Storage that is refused or full leaves the page as it is without a worker.
    if (workers && version) start(workers).catch(() => {});
})();
