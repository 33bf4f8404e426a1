// What a reader does with the page: changes the company, filters, opens rows, takes a file, edits a model. Whatever is
// recorded must be the same in every browser.
import assert from 'node:assert/strict';
import { byTestId } from '../page.mjs';

const dashboards = ['', 'retention/', 'revenue/', 'funnel/', 'adoption/', 'churn/'];

/** The figures of a page: its tiles, its sentence and the answer of each panel. */
const figures = `[...document.querySelectorAll('[data-testid="page-sentence"], [data-testid^="kpi-"], [data-testid^="answer-"]')]
  .map((element) => element.dataset.testid + ': ' + element.textContent.trim())`;

/** A checksum of each table that was learned, in any order of its rows. */
async function learnedTables(page) {
  const tables = await page.query("select table_name from information_schema.tables where table_schema = 'ml' order by 1");
  assert(tables.length >= 5, JSON.stringify(tables));
  const sums = {};
  for (const { table_name } of tables) {
    const [{ rows, sum }] = await page.query(`select count(*) as rows, cast(sum(hash(one)::hugeint) as varchar) as sum from ml.${table_name} as one`);
    sums[table_name] = `${rows} rows, ${sum}`;
  }
  return sums;
}

/** The lines of a table as they are read, without the line's end that only some browsers put after the last one. */
async function linesOf(page, testId) {
  return (await page.evaluate(`document.querySelector(${JSON.stringify(`${byTestId(testId)} tbody`)}).innerText`)).trimEnd().split('\n');
}

/** Where a panel's tool of that name is. */
async function tool(page, id, name) {
  const at = await page.evaluate(`[...document.querySelectorAll('#panel-${id} .tools-list > *')].findIndex((tool) => tool.textContent.trim() === '${name}')`);
  assert(at >= 0, `${id} has no ${name}`);
  return `#panel-${id} .tools-list > :nth-child(${at + 1})`;
}

/** The text of the file that a panel's button CSV makes. */
async function csv(page, id) {
  await page.evaluate(`(() => {
    const { createObjectURL } = URL;
    const { click } = HTMLAnchorElement.prototype;
    window.savedFile = null;
    URL.createObjectURL = (blob) => {
      if (blob.type.startsWith('text/csv')) blob.text().then((text) => { window.savedFile = text; });
      return createObjectURL(blob);
    };
    HTMLAnchorElement.prototype.click = () => {};
    window.takeBack = () => Object.assign(HTMLAnchorElement.prototype, { click }) && Object.assign(URL, { createObjectURL });
  })()`);
  await page.click(await tool(page, id, 'CSV'));
  await page.until('window.savedFile !== null');
  await page.evaluate('void window.takeBack()');
  return page.evaluate('window.savedFile');
}

export default [
  {
    name: 'every figure and every learned table is the same',
    async run(page) {
      await page.open('?preset=tiny');
      await page.evaluate('window.metricflow.learning().then(() => null)');
      for (const route of dashboards) {
        await page.click(`nav li a[href^="/${route}?"]`);
        await page.until('location.pathname', `/${route}`);
        await page.drawn();
        const told = await page.evaluate(figures);
        assert(told.length >= 6, `${route}: ${told.length}`);
        page.record(`figures of /${route}`, told);
      }
      page.record('learned tables', await learnedTables(page));
    },
  },
  {
    name: 'a filter from the link: every figure is the same',
    async run(page) {
      await page.goTo('?preset=tiny&country=DE&plan=starter&compare=previous');
      await page.drawn();
      page.record('filtered figures', await page.evaluate(figures));
    },
  },
  {
    name: 'the rows behind a mark are as many as it shows',
    async run(page) {
      await page.goTo('?preset=tiny');
      await page.drawn();
      await page.click(await tool(page, 'signups', 'Rows'));
      const told = byTestId('rows-told');
      await page.until(`/\\d/.test(document.querySelector(${JSON.stringify(told)})?.dataset.total ?? '')`);
      const { total, value } = await page.evaluate(`({ ...document.querySelector(${JSON.stringify(told)}).dataset })`);
      assert.equal(Number(total), Number(value));
      page.record('rows behind the first mark of signups', [total, ...(await linesOf(page, 'rows-signups'))]);
      await page.press('Escape');
      await page.exists(told, false);
    },
  },
  {
    name: 'files hold the same',
    async run(page) {
      await page.goTo('?preset=tiny');
      await page.drawn();
      for (const id of ['mrr', 'signups']) page.record(`file of ${id}`, await csv(page, id));
    },
  },
  {
    name: 'another scenario is another company, and the way back gives the first',
    async run(page) {
      await page.goTo('scenario/?preset=tiny');
      const before = await page.evaluate('window.metricflow.fingerprint()');
      const field = byTestId('input-churn');
      await page.click(field);
      await page.press('Control+a');
      await page.type('9');
      await page.press('Enter');
      await page.hasParameter('churn', '9');
      await page.until(`window.metricflow.status().phase === 'ready' && window.metricflow.fingerprint() !== '${before}'`, true, 120_000);
      page.record('fingerprint with nine per cent of churn', await page.evaluate('window.metricflow.fingerprint()'));
      await page.evaluate('history.back()');
      await page.until(`window.metricflow.status().phase === 'ready' && window.metricflow.fingerprint()`, before, 120_000);
    },
  },
  {
    name: 'an edited model and its children run anew, and the edit is taken back',
    async run(page) {
      await page.open('models/?preset=tiny&model=fct_signups&tab=sql');
      await page.evaluate('window.metricflow.tests().then(() => null)');
      const rows = async () => (await page.query('select count(*) as n from marts.fct_signups'))[0].n;
      const before = await rows();
      assert(before > 10);
      await page.click('.code-host', 0.5, 0.1);
      await page.press('Control+End');
      await page.type(' limit 10');
      await page.click(byTestId('run-edit'));
      await page.exists(byTestId('rebuilt-fct_signups'));
      assert.equal(await rows(), 10);
      await page.click(byTestId('reset-edit'));
      await page.exists(byTestId('edits-chip'), false);
      await page.until(`window.metricflow.query('select count(*) as n from marts.fct_signups').then(([{ n }]) => n)`, before);
    },
  },
];
