// What the guard rests on, asked of the engine itself without a browser: `query('…')` takes one SELECT
// and nothing else, plans name their functions, and a locked engine still does what the tab needs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const dist = path.dirname(require.resolve("@duckdb/duckdb-wasm"));
const { createDuckDB, NODE_RUNTIME } = require(path.join(dist, "duckdb-node-blocking.cjs"));
const list = (name) => JSON.parse(readFileSync(path.join(import.meta.dirname, `${name}.json`), "utf8"));

const bundle = (name) => ({ mainModule: path.join(dist, `duckdb-${name}.wasm`), mainWorker: "" });
const database = await createDuckDB({ mvp: bundle("mvp"), eh: bundle("eh") }, { log() {} }, NODE_RUNTIME);
await database.instantiate(() => {});
database.open({ query: {} });
const steward = database.connect();
for (const setting of ["autoinstall_known_extensions = false", "autoload_known_extensions = false", "allow_community_extensions = false", "enable_external_access = false", "lock_configuration = true"]) {
    steward.query(`set ${setting}`);
}
steward.query("attach ':memory:' as metricflow_1 (compress)");
const connection = database.connect();
for (const sql of ["use metricflow_1", "create schema raw", "create table raw.users as select range as user_id, 'a' as user_name from range(500)", "create schema marts", "create table marts.fct_signups as select 1 as a", "create schema staging", "create view staging.stg_users as from raw.users"]) {
    connection.query(sql);
}

/** `null` when the engine takes the text for one SELECT, else why not; and the functions it calls. */
function verdict(sql) {
    try {
        const [row] = connection.query(`explain (format json) from query('${sql.replaceAll("'", "''")}')`).toArray();
        return { refusal: null, functions: [...functions(JSON.parse(row.explain_value))] };
    } catch (error) {
        return { refusal: error.message.split("\n")[0], functions: [] };
    }
}

function* functions(plan) {
    for (const operator of [plan].flat()) {
        if (operator.extra_info?.Function) yield operator.extra_info.Function;
        yield* functions(operator.children ?? []);
    }
}

const writes = new Set(["CHECKPOINT", "FORCE_CHECKPOINT", "ENABLE_LOGGING", "DISABLE_LOGGING", "TRUNCATE_DUCKDB_LOGS", "SNIFF_CSV"]);

test("what must be refused is no SELECT to the engine, can't be bound, or shows a function that does more", () => {
    const sqls = list("refused").map((sql) => sql.replaceAll("{host}", "localhost:9"));
    assert.ok(sqls.length >= 200);
    const passed = sqls.filter((sql) => {
        const { refusal, functions } = verdict(sql);
        return refusal === null && !functions.some((name) => writes.has(name));
    });
    assert.deepEqual(passed, []);
    const [{ n }] = connection.query("select cast(count(*) as int) as n from raw.users").toArray();
    assert.equal(n, 500);
});

test("what only reads is one SELECT to the engine", () => {
    const sqls = list("reading");
    assert.ok(sqls.length >= 60);
    for (const sql of sqls) {
        const explained = sql.replace(/^\s*explain(\s+analyze(?=[\s(])|\s*\((?=analyze|format)[^)]*\))?/i, "");
        const { refusal, functions } = verdict(explained);
        assert.equal(refusal, null, sql);
        assert.ok(!functions.some((name) => writes.has(name)), `${sql}: ${functions}`);
    }
});

test("preparing runs nothing, whatever the text", () => {
    for (const sql of ["delete from raw.users", "delete from raw.users\0", "drop table raw.users", "select * from enable_logging()", "checkpoint"]) {
        connection.prepare(sql).close();
    }
    assert.throws(() => connection.prepare("select 1; delete from raw.users"), /multiple statements/);
    const [row] = connection.query("select cast(count(*) as int) as n, current_setting('enable_logging') as logs from raw.users").toArray();
    assert.equal(row.n, 500);
    assert.equal(Number(row.logs), 0);
});

test("a locked engine makes and drops databases, and opens nothing", () => {
    steward.query("attach ':memory:' as metricflow_2 (compress)");
    const other = database.connect();
    other.query("use metricflow_2");
    other.query("create table x as select range as a from range(1000)");
    other.query("checkpoint");
    other.close();
    steward.query("detach metricflow_2");
    for (const sql of ["set enable_external_access = true", "set lock_configuration = false", "set threads = 2", "attach 'x.db'", "attach 'http://localhost:9/x.db'", "load httpfs", "copy (select 1) to 'x.csv'", "from read_text('http://localhost:9/x')"]) {
        assert.throws(() => steward.query(sql), undefined, sql);
    }
});
