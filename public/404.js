// Finds the folder the page is published in, by looking for its manifest upwards, and links there.
(async () => {
    const home = document.getElementById("home");
    for (let folder = new URL("./", location.href); ; folder = new URL("../", folder)) {
        try {
            const answer = await fetch(new URL("manifest.webmanifest", folder));
            const kind = answer.headers.get("content-type") ?? "";
            if (answer.ok && !kind.startsWith("text/html")) {
                home.href = folder.pathname;
                return;
            }
        } catch {
            // Offline: try the folder above.
        }
        if (folder.pathname === "/") return;
    }
})();
