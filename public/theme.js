// Sets the theme before the first paint: the link's, else the reader's last choice, else the system's.
(() => {
    const known = (name) => ["light", "dark"].find((theme) => theme === name?.trim().toLowerCase()) ?? null;
    let saved = null;
    try {
        saved = localStorage.getItem("metricflow-theme");
    } catch {
        // Storage may be forbidden; the system's theme is used.
    }
    const theme = known(new URLSearchParams(location.search).get("theme")) ?? known(saved);
    if (theme) document.documentElement.dataset.theme = theme;
})();
