// Every route but "/"; src/app.rs declares the same ones.
export const routes = ["scenario"];
