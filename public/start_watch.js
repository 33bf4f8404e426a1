// Says so when the page does not start: after an error, or after half a minute in which nothing came (decision 0166).
// It needs nothing of the program, of its styles or of its elements.
(() => {
    const PATIENCE_SECONDS = 30;
    const UPDATED = "The site was updated, or the connection was lost. Links and edits are kept. Reload the page; if that does not help, try again later.";
    let hasStarted = false;
    let hasFailed = false;
    let lacksStyle = false;
    let came = 0;
    let stillSeconds = 0;

    function element(name, text, className) {
        const made = document.createElement(name);
        made.textContent = text;
        if (className) made.className = className;
        return made;
    }

    function wait(milliseconds) {
        return new Promise((resolve) => setTimeout(resolve, milliseconds));
    }

    /** Has a file fetched from its host: one that came broken may be kept as it is, and for long. */
    async function askAgain(address) {
        const answer = await fetch(address, { cache: "reload" });
        await answer.arrayBuffer();
    }

    /** Puts a sentence, what to do and a way to reload where the page is to be, or above it. */
    function say(what, advice) {
        const files = document.querySelectorAll('script[src], link[rel="stylesheet"], link[rel="modulepreload"], link[rel="preload"]');
        const namedFiles = [...files].map((file) => file.src ?? file.href);
        for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
            // A style sheet that is still waited for would hold up this, too.
            if (!link.sheet) link.remove();
        }
        document.getElementById("start-fault")?.remove();
        const fault = element("div", "", "start-fault");
        fault.id = "start-fault";
        fault.setAttribute("role", "alert");
        const reload = element("button", "Reload the page", "button primary");
        reload.addEventListener("click", async () => {
            await Promise.race([Promise.allSettled(namedFiles.map(askAgain)), wait(10_000)]);
            location.reload();
        });
        fault.append(element("strong", what), element("p", advice), reload);
        // The program takes it away when it starts, and all that is in it.
        const boot = hasStarted ? null : document.getElementById("boot");
        boot?.querySelector(".page-sentence")?.remove();
        // A script that does not come holds up the body.
        if (boot) boot.append(fault);
        else if (document.body) document.body.prepend(fault);
        else document.documentElement.append(fault);
    }

    function fail() {
        if (hasFailed) return;
        hasFailed = true;
        say("MetricFlow could not start: a part of its program did not come, or not whole.", UPDATED);
    }

    function styleFailed() {
        lacksStyle = true;
        say("A part of the page’s style could not be loaded. Figures are not affected.", UPDATED);
    }

    // Errors of files do not bubble, but they can be caught on their way down.
    addEventListener(
        "error",
        (event) => {
            const { target } = event;
            if (target instanceof HTMLLinkElement) {
                if (target.rel === "stylesheet") styleFailed();
            } else if (target instanceof HTMLScriptElement) {
                const isOptional = /\/(theme|offline)-[0-9a-f]+\.js$/.test(target.src);
                if (!hasStarted && !isOptional) fail();
            } else if (!hasStarted) {
                fail();
            } else if (event.error instanceof WebAssembly.RuntimeError) {
                say("The page’s program stopped. What is drawn stays.", "Reload the page to go on. Links and edits are kept.");
            }
        },
        true,
    );
    addEventListener("unhandledrejection", () => {
        if (!hasStarted) fail();
    });
    addEventListener("TrunkApplicationStarted", () => {
        hasStarted = true;
        clearInterval(watch);
        document.getElementById("start-fault")?.remove();
        // Above the page, once it has taken the place of what was there before.
        if (lacksStyle) setTimeout(styleFailed);
    });

    // In ticks, not by the clock: a laptop that slept has lost no time.
    const watch = setInterval(() => {
        const now = performance.getEntriesByType("resource").length;
        stillSeconds = now === came ? stillSeconds + 1 : 0;
        came = now;
        if (stillSeconds !== PATIENCE_SECONDS || hasFailed) return;
        say(
            `MetricFlow is still loading: nothing has come for ${PATIENCE_SECONDS} s.`,
            "A slow network may need longer, and the page goes on by itself when it comes. If it does not, reload it.",
        );
    }, 1_000);

    if (typeof WebAssembly === "undefined") {
        hasFailed = true;
        addEventListener("DOMContentLoaded", () => {
            say("This browser does not run WebAssembly, which MetricFlow is made of.", "Use another browser, or allow WebAssembly for this site.");
        });
    }
})();
