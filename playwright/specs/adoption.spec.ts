import { expect } from '@playwright/test';
import { DashboardPage } from '../pages/dashboard';
import { test } from '../pages/test';

const panels = ['adoption-curves', 'feature-groups', 'power-users', 'stickiness', 'time-to-adopt', 'segment-map', 'segment-profiles', 'rfm'];

test.describe('Product adoption', () => {
  let adoption: DashboardPage;

  test.beforeEach(async ({ page }) => {
    adoption = await DashboardPage.opened(page, 'adoption/', 'preset=tiny');
  });

  test('panels show what the models hold, for everyone and for a choice of users', async () => {
    const compared = await adoption.expectAllFigures('adoption', {
      'adoption-curves': ['display_name', 'date_week'],
      'feature-groups': ['display_name', 'group_name'],
      'power-users': ['active_days'],
      stickiness: ['date_month', 'group_name'],
      rfm: ['rfm_segment'],
    });
    expect(Object.keys(compared).length).toBe(5);
    expect(Object.values(compared).reduce((sum, one) => sum + one)).toBeGreaterThan(400);
  });

  test('learned segments are those of the model, for everyone and for a choice of users', async () => {
    for (const [link, condition] of [
      ['', 'true'],
      ['&country=US&size=1-10', "users.country = 'US' and users.company_size = '1-10'"],
    ]) {
      await adoption.goTo(`preset=tiny${link}`);
      const counted = await adoption.query(`
        select segments.segment, count(*) as users, avg(cast(people.is_paying as int)) as paying_share
        from ml.user_segments as segments
        inner join staging.stg_users as users on segments.user_id = users.user_id
        inner join marts.dim_users as people on segments.user_id = people.user_id
        where ${condition}
        group by 1`);
      const profiles = await adoption.csv('segment-profiles');
      expect(counted.length).toBeGreaterThan(1);
      expect(profiles.length).toBe(counted.length + 1);
      for (const { segment, users, paying_share } of counted) {
        const row = profiles.find((profile) => profile.segment === segment);
        expect(Number(row?.users), segment).toBe(users);
        expect(Number(row?.paying_share), segment).toBeCloseTo(paying_share, 9);
      }
      const points = await adoption.csv('segment-map');
      expect(points.length).toBe(counted.reduce((sum, row) => sum + row.users, 0));
    }
  });

  test('the rows behind a mark are as many as it shows', async () => {
    const shown = new Map<string, number[]>();
    for (const link of ['preset=tiny&range=all', 'preset=tiny&country=US,GB&by=channel&within=7&curve=since_start']) {
      await adoption.goTo(link);
      for (const id of panels) shown.set(id, [...(shown.get(id) ?? []), ...(await adoption.expectRowsOfMarks(id))]);
    }
    for (const [id, values] of shown) expect(values.some((value) => value !== 0), id).toBe(true);
  });

  test('a click on a group filters the other panels, and its chip takes it away', async () => {
    await adoption.goTo('preset=tiny&by=channel');
    const everyone = await adoption.answers(panels);
    // A cell of a column other than the first, which is everyone; cells stand in two series, pale and deep.
    const series = await adoption.seriesData('feature-groups');
    const cells = series.flatMap(({ data }, at) => data.map((cell, index) => ({ at, index, place: cell.value ?? cell })));
    const cell = cells.find(({ place }) => place[0] === 2 && place[1] > 0);
    expect(cell).toBeDefined();
    await adoption.clickMark('feature-groups', cell?.at ?? 0, cell?.index ?? 0);
    const chip = adoption.page.getByTestId(/^chip-channel-/);
    await expect(chip).toHaveCount(1);
    const others = ['adoption-curves', 'power-users', 'segment-map', 'rfm'];
    const some = await adoption.answers(others);
    for (const [at, id] of others.entries()) expect(some[at], id).not.toBe(everyone[panels.indexOf(id)]);
    await chip.click();
    await expect(chip).toHaveCount(0);
    expect(await adoption.answers(panels)).toEqual(everyone);
  });

  test('files, tables and charts hold the same', async () => {
    await adoption.goTo('preset=tiny&country=US,GB');
    const habit = await adoption.expectFile('power-users', /^power-users_preset-tiny_.*_country-US-GB\.csv$/, 'users');
    const bars = await adoption.seriesData('power-users');
    const drawn = bars[0].data.map((bar) => Number(bar.value ?? bar));
    expect(drawn.slice(0, habit.length)).toEqual(habit.map((row) => Number(row.users)));
    const points = await adoption.expectFile('segment-map', /^segment-map_preset-tiny_.*_country-US-GB\.csv$/, 'user_id');
    const map = await adoption.seriesData('segment-map');
    const count = map.filter(({ type }) => type === 'scatter').reduce((sum, { data }) => sum + data.length, 0);
    expect(count).toBeGreaterThanOrEqual(points.length);
    await adoption.expectPicture('power-users', /^power-users_preset-tiny_.*\.png$/);
    await adoption.expectPicture('rfm', /^rfm_preset-tiny_.*\.png$/);
  });

  test('a reload of the link gives the same text', async () => {
    await adoption.goTo('preset=tiny&country=US,DE&by=size&within=90&table=rfm');
    await adoption.expectSameAfterReload(panels, () => adoption.learned());
    adoption.expectClean();
  });
});
