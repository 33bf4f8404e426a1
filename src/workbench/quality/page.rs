//! The page.

use std::collections::BTreeSet;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos_meta::Title;

use super::checks::{
    Check, Filter, Group, PROJECT, Totals, Verdict, by_kind, by_layer, checks, groups, sentence,
};
use super::test_row::TestRow;
use super::totals::TotalsTable;
use crate::components::breakable::breakable;
use crate::components::choice::Choice;
use crate::components::format::duration;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::{Project, use_project};

/// How long after the last letter the search is written to the link.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The Data quality page.
#[component]
pub fn QualityPage() -> impl IntoView {
    let project = use_project();
    let keys = use_page_keys();
    let all = Memo::new(move |_| checks(&project.manifest(), project.tests().as_deref()));
    let (verdict, kind, layer, find, test) = (
        keys.memo("verdict"),
        keys.memo("kind"),
        keys.memo("layer"),
        keys.memo("find"),
        keys.memo("test"),
    );
    let filter = Memo::new(move |_| Filter {
        verdict: Verdict::from_key(&verdict.get()),
        kind: kind.get(),
        layer: layer.get(),
        find: find.get(),
    });
    let totals = Memo::new(move |_| all.with(|all| Totals::of(all)));
    let grouped = Memo::new(move |_| all.with(|all| filter.with(|filter| groups(all, filter))));
    let headline = move || {
        let tables: BTreeSet<String> =
            all.with(|all| all.iter().filter_map(|check| check.node.clone()).collect());
        sentence(&totals.get(), tables.len(), project.pipeline.why_no_data())
    };
    let write_find = StoredValue::new_local(debounce(PAUSE, move |text: String| {
        keys.replace(&[("find", text.trim())]);
    }));
    let verdicts = move || {
        let totals = totals.get();
        let counts = [
            ("", "All", totals.all),
            ("failed", "Failed", totals.failed),
            ("warned", "Warned", totals.warned),
            ("skipped", "Skipped", totals.skipped),
            ("passed", "Passed", totals.passed),
        ];
        let shown = verdict.get();
        counts
            .into_iter()
            .filter(|(key, _, number)| key.is_empty() || *number > 0 || shown == *key)
            .map(|(key, label, _)| (key, label))
            .collect::<Vec<_>>()
    };
    let shown =
        move || grouped.with(|groups| groups.iter().map(|group| group.checks.len()).sum::<usize>());
    let clear = move |_| {
        keys.set(&[
            ("verdict", ""),
            ("kind", ""),
            ("layer", ""),
            ("find", ""),
            ("test", ""),
        ]);
    };
    view! {
        <Title text="Data quality · MetricFlow" />
        <header class="page-head">
            <p class="label">"Data quality"</p>
            <h1 class="page-sentence" data-testid="page-sentence">
                {headline}
            </h1>
            <Progress project />
        </header>
        <div class="totals-grid">
            <TotalsTable
                title="Which layers pass?"
                head="Layer"
                rows=Memo::new(move |_| all.with(|all| by_layer(all)))
                chosen=layer
                on_choose=Callback::new(move |layer: String| keys.set(&[("layer", &layer)]))
            />
            <TotalsTable
                title="Which kinds of test?"
                head="Kind"
                rows=Memo::new(move |_| all.with(|all| by_kind(all)))
                chosen=kind
                on_choose=Callback::new(move |kind: String| keys.set(&[("kind", &kind)]))
            />
        </div>
        <div class="work-bar">
            <input
                class="find"
                type="search"
                aria-label="Find a test"
                placeholder="Find a test, table or column"
                data-testid="quality-find"
                prop:value=move || find.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    write_find.update_value(|write| write(text));
                }
            />
            {move || {
                view! {
                    <Choice
                        label="Test results"
                        name="verdict"
                        options=verdicts()
                        value=verdict
                        on_choose=Callback::new(move |key: String| keys.set(&[("verdict", &key)]))
                    />
                }
            }}
            <span class="label" data-testid="shown-tests" aria-live="polite">
                {move || format!("{} of {} tests", shown(), totals.get().all)}
            </span>
            <Show when=move || !filter.with(Filter::is_empty)>
                <button class="text-button" data-testid="clear-filters" on:click=clear>
                    "Show all"
                </button>
            </Show>
        </div>
        <Show when=move || { shown() == 0 }>
            <p class="empty">"No test matches. Show all, or search for something shorter."</p>
        </Show>
        <div class="test-groups">
            <For
                each=move || grouped.get()
                key=|group| (group.name.clone(), group.checks.clone().len(), group.totals.words(), group.checks.first().and_then(|check| check.run.as_ref()).map(|run| run.elapsed_ms.to_bits()))
                children=move |group| view! { <TestGroup project group filter test /> }
            />
        </div>
    }
}

/// How far the tests have come, while they run.
#[component]
fn Progress(project: Project) -> impl IntoView {
    let tests = project.pipeline.tests;
    let words = move || {
        tests.with(|tests| {
            if tests.is_running {
                let share = tests.done as f64 / tests.total.max(1) as f64;
                return view! {
                    <div class="test-progress" role="status">
                        <div class="track">
                            <div class="fill" style:--share=format!("{share:.3}")></div>
                        </div>
                        <span>{format!("{} of {} tests run", tests.done, tests.total)}</span>
                    </div>
                }
                .into_any();
            }
            match (&tests.error, &tests.report) {
                (Some(error), _) => {
                    view! { <p class="remark down">{format!("The tests stopped: {error}.")}</p> }
                        .into_any()
                }
                (None, Some(report)) => {
                    let kept = report.tests.iter().filter(|test| test.kept).count();
                    let words = match kept {
                        0 => format!("Run in {}.", duration(report.elapsed_ms)),
                        _ => format!(
                            "Run in {}; {kept} results were kept because their inputs did not change.",
                            duration(report.elapsed_ms)
                        ),
                    };
                    view! { <p class="remark muted">{words}</p> }.into_any()
                }
                (None, None) => ().into_any(),
            }
        })
    };
    view! { <div data-testid="test-progress">{words}</div> }
}

/// The tests of one table; open when one of them wants attention or is asked for.
#[component]
fn TestGroup(
    project: Project,
    group: Group,
    filter: Memo<Filter>,
    test: Memo<String>,
) -> impl IntoView {
    let keys = use_page_keys();
    let asked = test.get_untracked();
    let is_asked = group.checks.iter().any(|check| check.name == asked);
    let is_searched = filter.with_untracked(|filter| {
        !filter.find.is_empty()
            || filter
                .verdict
                .is_some_and(|verdict| verdict != Verdict::Passed)
    });
    let open =
        RwSignal::new(is_asked || is_searched || group.totals.failed + group.totals.warned > 0);
    let Group {
        name,
        layer,
        checks,
        totals,
    } = group;
    let title = if name == PROJECT {
        "Across tables".to_owned()
    } else {
        name.clone()
    };
    let is_model = !matches!(layer.as_str(), "source" | "seed" | PROJECT);
    let model_link = is_model.then(|| {
        let href = keys.href(
            "models/",
            &[
                ("model", &name),
                ("tab", "tests"),
                ("test", ""),
                ("verdict", ""),
                ("kind", ""),
                ("layer", ""),
                ("find", ""),
            ],
        );
        view! {
            <a class="text-button" href=href>
                "Model"
            </a>
        }
    });
    let checks = StoredValue::new(checks);
    let rows = move || {
        let row = |check: Check| {
            let is_open = check.name == asked;
            view! { <TestRow project check is_open /> }
        };
        checks.get_value().into_iter().map(row).collect_view()
    };
    let is_project = layer == PROJECT;
    let list_id = format!("tests-of-{}", name.replace('.', "-"));
    let controls = list_id.clone();
    view! {
        <section class="test-group" data-testid=format!("group-{name}")>
            <h2>
                <button
                    aria-expanded=move || open.get().to_string()
                    aria-controls=controls
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <span class="arrow" aria-hidden="true"></span>
                    <span class="name">{breakable(&title)}</span>
                    <span class="label">{(!is_project).then_some(layer)}</span>
                    <span class="words" class:down={totals.failed > 0}>
                        {totals.words()}
                    </span>
                </button>
                {model_link}
            </h2>
            <ul id=list_id hidden=move || !open.get()>
                <Show when=move || open.get()>{rows.clone()}</Show>
            </ul>
        </section>
    }
}
