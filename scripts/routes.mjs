// Every route but "/"; src/app.rs declares the same ones.
export const routes = [
    "retention", "revenue", "funnel", "adoption", "churn",
    "scenario", "lineage", "models", "quality", "cards", "truth", "definitions",
];
