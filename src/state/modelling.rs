//! Models: those that the change reaches are built, the others stay where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::Stage;
use super::assets::render;
use super::awaited::Awaited;
use super::clock::now_ms;
use super::edits::Edits;
use super::engine::Loaded;
use super::loading::names_of;
use super::run::{Published, Run, unless};
use super::run_error::RunError;
use super::serving::{Before, Serving, Sources};
use super::vars::vars_of;
use crate::generation::TableSet;
use crate::transformation::{
    CompiledText, Demand, InOrder, Manifest, ModelRun, ModelState, RunOptions, RunProgress,
    RunReport, Selection, run_models, selected,
};
use crate::warehouse::{
    DuckDb, Home, Warehouse, WarehouseError, create_schema_sql, create_view_sql,
};

impl Run {
    /// All models, for a page that shows nothing yet: what it asks is built first, and answered as soon as it
    /// stands.
    pub(super) async fn transform_first(
        &self,
        warehouse: &DuckDb,
        manifest: &Rc<Manifest>,
        fingerprint: &str,
    ) -> Result<(Rc<RunReport>, Rc<Serving>), RunError> {
        self.begin(Stage::Models);
        let vars = vars_of(&self.scenario, &self.edits);
        let edited = self.rendered_edits(&vars).await?;
        let serving = self.serving(Sources {
            manifest: Rc::clone(manifest),
            vars: vars.clone(),
            edited: edited.clone(),
            before: Before::default(),
        });
        let noted = Rc::clone(&serving);
        let on_built = move |run: &ModelRun| {
            noted.note_missing((!run.stands()).then(|| run.name.clone()));
        };
        let awaited = Rc::new(Awaited::new(Rc::clone(manifest), on_built));
        let published = Published {
            warehouse: Some(warehouse.clone()),
            fingerprint: fingerprint.to_owned(),
            models: Rc::default(),
            serving: Rc::clone(&serving),
            based_on: None,
            changed: None,
            kept: None,
            learned: false,
        };
        (self.publish_early)(published, Rc::clone(&awaited));
        let options = self.run_options(Selection::All, &edited, &vars);
        let report = self.build(warehouse, manifest, &options, &*awaited).await?;
        serving.note_missing(report.failed_seeds.keys().cloned());
        awaited.complete();
        let edited = self.edits.models();
        serving.ready(warehouse, &edited, &self.cancel).await?;
        self.check()?;
        self.end(Stage::Models);
        Ok((Rc::new(report), serving))
    }

    /// Models: those that read a changed table, and what reads them. Of the serving layer only what was
    /// edited: the reader asked for it, and is told when the engine refuses it.
    pub(super) async fn transform(
        &self,
        warehouse: &DuckDb,
        manifest: &Rc<Manifest>,
        stale: TableSet,
        kept: &Loaded,
    ) -> Result<(Rc<RunReport>, Rc<Serving>), RunError> {
        self.begin(Stage::Models);
        let mut nodes = names_of(stale);
        nodes.extend(self.edits.changed_from(&kept.edits));
        let vars = vars_of(&self.scenario, &self.edits);
        let texts = self.rendered_edits(&vars).await?;
        nodes.extend(other_statements(&texts, kept));
        let selection = Selection::Changed {
            nodes: &nodes,
            previous: &kept.models,
        };
        self.adopt_models(warehouse, manifest, selection, kept)
            .await?;
        let options = self.run_options(selection, &texts, &vars);
        let mut report = self.build(warehouse, manifest, &options, &InOrder).await?;
        if stale == TableSet::EMPTY {
            self.keep_earlier(warehouse, manifest, &mut report, kept)
                .await?;
        }
        let mut changed = nodes.clone();
        let built = report.models.iter();
        let built = built.filter(|run| run.state != ModelState::Kept);
        changed.extend(built.map(|run| run.name.clone()));
        let is_of_same_rows = stale == TableSet::EMPTY;
        let serving = self.serving(Sources {
            manifest: Rc::clone(manifest),
            before: Before::new(&kept.serving, manifest, &changed, is_of_same_rows),
            vars,
            edited: texts,
        });
        let missing = report.missing().into_iter().map(str::to_owned);
        serving.note_missing(missing.filter(|name| !report.earlier.contains(name)));
        let edited = self.edits.edited_since(&kept.edits);
        serving.ready(warehouse, &edited, &self.cancel).await?;
        self.check()?;
        self.end(Stage::Models);
        Ok((Rc::new(report), serving))
    }

    const fn run_options<'a>(
        &'a self,
        selection: Selection<'a>,
        edited: &'a BTreeMap<String, Result<CompiledText, String>>,
        vars: &'a BTreeMap<String, Value>,
    ) -> RunOptions<'a> {
        RunOptions {
            selection,
            edited,
            vars,
            cancel: &self.cancel,
            now_ms: &now_ms,
        }
    }

    /// Builds models, and says how far that has come.
    async fn build(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        options: &RunOptions<'_>,
        demand: &impl Demand,
    ) -> Result<RunReport, RunError> {
        let on_progress = |progress: RunProgress<'_>| match progress {
            RunProgress::Started { model, total, .. } => self.stage(Stage::Models, |stage| {
                stage.total = Some(total as u64);
                model.clone_into(&mut stage.detail);
            }),
            RunProgress::Finished { done, .. } => {
                self.stage(Stage::Models, |stage| stage.done = done as u64)
            }
        };
        let report = run_models(warehouse, manifest, options, demand, on_progress).await?;
        self.check()?;
        match failed_unedited(&report, manifest, &self.edits) {
            Some((name, message)) => Err(RunError::Model { name, message }),
            None => Ok(report),
        }
    }

    /// The statements of the edited models: what a text makes depends on the scenario, so it is
    /// rendered anew for each run, and never by the page.
    async fn rendered_edits(
        &self,
        vars: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Result<CompiledText, String>>, RunError> {
        let mut edited = BTreeMap::new();
        for (name, text) in self.edits.texts() {
            let rendering = render(&self.renderer, name, text, vars.clone());
            let rendered =
                unless(&self.cancel, async { Ok::<_, RunError>(rendering.await) }).await?;
            let compiled = rendered.and_then(|rendered| rendered.compiled);
            let model = self.edits.original().model(name);
            let compiled = compiled.map_err(|fault| match model {
                Some(model) => fault.of(model).to_string(),
                None => fault.message,
            });
            edited.insert(name.clone(), compiled);
        }
        Ok(edited)
    }

    /// Over the same rows, a model that an edit broke and what reads it show their earlier tables:
    /// see `docs/decisions/0071-failing-edits.md`.
    async fn keep_earlier(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        report: &mut RunReport,
        kept: &Loaded,
    ) -> Result<(), RunError> {
        let missing: Vec<String> = report.missing().into_iter().map(str::to_owned).collect();
        for name in missing {
            let Some(model) = manifest.model(&name) else {
                continue;
            };
            let relation = model.relation();
            let stands = if let Some(home) = kept.homes.get(&relation) {
                warehouse.adopt(&relation, home).await
            } else if let Some(select) = kept.views.get(&name) {
                warehouse.declare_view(&relation, select).await
            } else {
                continue;
            };
            match stands {
                // The model is missing then, as its own error says; the run goes on.
                Err(WarehouseError::Query { .. }) => {}
                stands => {
                    stands?;
                    report.keep_earlier(&name, &kept.models);
                }
            }
        }
        Ok(())
    }

    /// Seeds and models that are not built again: tables stay where they are, views are declared again.
    async fn adopt_models(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        selection: Selection<'_>,
        kept: &Loaded,
    ) -> Result<(), RunError> {
        let built = selected(manifest, selection);
        let seeds = manifest
            .seeds
            .iter()
            .map(|seed| (&seed.name, seed.relation()));
        let models = manifest
            .models
            .iter()
            .map(|model| (&model.name, model.relation()));
        for (name, relation) in seeds.chain(models) {
            if built.contains(name) {
                continue;
            }
            self.check()?;
            let view = kept.models.model(name).filter(|run| run.rows.is_none());
            match (kept.homes.get(&relation), view) {
                (Some(home), _) => warehouse.adopt(&relation, home).await?,
                (None, Some(run)) => {
                    let schema = relation.split('.').next().unwrap_or_default();
                    let select = &run.compiled_sql;
                    for sql in [
                        create_schema_sql(schema),
                        create_view_sql(&relation, select),
                    ] {
                        warehouse.query(&sql).await?;
                    }
                }
                (None, None) => {}
            }
        }
        Ok(())
    }
}

/// A model that the engine refused although neither it nor anything it reads was edited.
fn failed_unedited(
    report: &RunReport,
    manifest: &Manifest,
    edits: &Edits,
) -> Option<(String, String)> {
    let dag = manifest.dag().ok()?;
    let edited: BTreeSet<String> = edits.texts().keys().cloned().collect();
    let affected = dag.affected_by(&edited);
    report.models.iter().find_map(|run| match &run.state {
        ModelState::Failed { error } if !affected.contains(&run.name) => {
            Some((run.name.clone(), error.clone()))
        }
        _ => None,
    })
}

/// Where each table of a finished run stands; views stand nowhere.
pub(super) fn homes(
    warehouse: &DuckDb,
    manifest: &Manifest,
    stale: TableSet,
    kept: Option<&Loaded>,
    models: &RunReport,
) -> BTreeMap<String, Home> {
    let mut homes = kept.map_or_else(BTreeMap::new, |kept| kept.homes.clone());
    let here = warehouse.home();
    for table in stale.iter() {
        homes.insert(table.qualified().to_owned(), here.clone());
    }
    if kept.is_none() {
        homes.extend(
            manifest
                .seeds
                .iter()
                .map(|seed| (seed.relation(), here.clone())),
        );
    }
    for model in &manifest.models {
        let run = models.model(&model.name);
        // Over the same rows, the earlier table of a model that an edit broke stays.
        let is_earlier = stale == TableSet::EMPTY && run.is_some_and(|run| !run.stands());
        if run.is_some_and(|run| run.state != ModelState::Kept) && !is_earlier {
            homes.remove(&model.relation());
        }
        if run.is_some_and(|run| run.state == ModelState::Built && run.rows.is_some()) {
            homes.insert(model.relation(), here.clone());
        }
    }
    homes
}

/// What the models that stand as views select.
pub(super) fn views(kept: Option<&Loaded>, models: &RunReport) -> BTreeMap<String, String> {
    let mut views = kept.map_or_else(BTreeMap::new, |kept| kept.views.clone());
    for run in models
        .models
        .iter()
        .filter(|run| run.state == ModelState::Built)
    {
        if run.rows.is_none() {
            views.insert(run.name.clone(), run.compiled_sql.clone());
        } else {
            views.remove(&run.name);
        }
    }
    views
}

/// Edited models that another statement was made of than stands: a text may read vars in ways that only
/// its rendering shows.
fn other_statements(
    edited: &BTreeMap<String, Result<CompiledText, String>>,
    kept: &Loaded,
) -> Vec<String> {
    let serving = kept.serving.report();
    let is_other = |name: &str, text: &CompiledText| {
        let stands = kept.models.model(name).or_else(|| serving.model(name));
        stands.is_some_and(|run| run.compiled_sql != text.sql)
    };
    let compiled = edited
        .iter()
        .filter_map(|(name, text)| Some((name, text.as_ref().ok()?)));
    let others = compiled.filter(|(name, text)| is_other(name, text));
    others.map(|(name, _)| name.clone()).collect()
}
