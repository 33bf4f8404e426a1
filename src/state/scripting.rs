//! `window.metricflow`: the page for scripts, embedders and tests. `docs/scripting.md` documents it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{Dataset, Phase, Pipeline, Status};
use crate::parameters::Scenario;
use crate::results::json_rows;

/// Promises that wait for the current run: `(resolve, reject)`.
type Waiting = Rc<RefCell<Vec<(Function, Function)>>>;

/// Puts `metricflow` on the window.
pub fn expose_to_scripts(pipeline: Pipeline) {
    let waiting: Waiting = Rc::default();
    settle_with_status(pipeline, Rc::clone(&waiting));
    let waiting_for_tests: Waiting = Rc::default();
    settle_with_tests(pipeline, Rc::clone(&waiting_for_tests));

    let waiting_for_models: Waiting = Rc::default();
    settle_with_learning(pipeline, Rc::clone(&waiting_for_models));

    let surface = Object::new();
    let on_ready = {
        let waiting = Rc::clone(&waiting);
        Closure::<dyn Fn() -> Promise>::new(move || ready(pipeline, &waiting))
    };
    let descriptor = Object::new();
    set(&descriptor, "get", on_ready.as_ref());
    set(&descriptor, "enumerable", &JsValue::TRUE);
    Object::define_property(&surface, &"ready".into(), &descriptor);
    on_ready.forget();

    let status = Closure::<dyn Fn() -> JsValue>::new(move || pipeline.status.with_untracked(plain));
    publish(&surface, "status", status);
    let scenario = Closure::<dyn Fn() -> JsValue>::new(move || {
        JsValue::from(pipeline.scenario.get_untracked().to_query())
    });
    publish(&surface, "scenario", scenario);
    let fingerprint = Closure::<dyn Fn() -> JsValue>::new(move || {
        let dataset = pipeline.dataset.get_untracked();
        dataset.map_or(JsValue::NULL, |dataset| {
            JsValue::from(&*dataset.fingerprint)
        })
    });
    publish(&surface, "fingerprint", fingerprint);
    let models = Closure::<dyn Fn() -> JsValue>::new(move || {
        let dataset = pipeline.dataset.get_untracked();
        dataset.map_or(JsValue::NULL, |dataset| plain(&dataset.models.models))
    });
    publish(&surface, "models", models);
    let tested = Rc::clone(&waiting_for_tests);
    let tests = Closure::<dyn Fn() -> Promise>::new(move || tests(pipeline, &tested));
    publish(&surface, "tests", tests);
    let learning =
        Closure::<dyn Fn() -> Promise>::new(move || learning(pipeline, &waiting_for_models));
    publish(&surface, "learning", learning);
    let query = Closure::<dyn Fn(String) -> Promise>::new(move |sql: String| {
        future_to_promise(async move { query(pipeline, &sql).await })
    });
    publish(&surface, "query", query);
    let arrow = Closure::<dyn Fn(String) -> Promise>::new(move |sql: String| {
        future_to_promise(async move { arrow(pipeline, &sql).await })
    });
    publish(&surface, "arrow", arrow);
    let run = Closure::<dyn Fn(String) -> Promise>::new(move |query: String| {
        let (scenario, _) = Scenario::from_query(&query);
        if scenario != pipeline.scenario.get_untracked() {
            pipeline.announce();
            pipeline.set_scenario(&scenario);
        }
        ready(pipeline, &waiting)
    });
    publish(&surface, "run", run);

    if let Some(window) = web_sys::window() {
        set(&window, "metricflow", &surface);
    }
}

/// Settles waiting promises when a run ends.
fn settle_with_status(pipeline: Pipeline, waiting: Waiting) {
    Effect::new(move |_| {
        let Some(outcome) = pipeline.status.with(outcome) else {
            return;
        };
        for (resolve, reject) in waiting.take() {
            // A page that went away can't be told.
            let _ = match &outcome {
                Ok(()) => resolve.call0(&JsValue::UNDEFINED),
                Err(reason) => reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(reason)),
            };
        }
    });
}

fn ready(pipeline: Pipeline, waiting: &Waiting) -> Promise {
    match pipeline.status.with_untracked(outcome) {
        Some(Ok(())) => Promise::resolve(&JsValue::UNDEFINED),
        Some(Err(reason)) => Promise::reject(&js_sys::Error::new(&reason)),
        None => Promise::new(&mut |resolve, reject| waiting.borrow_mut().push((resolve, reject))),
    }
}

/// Settles promises that wait for the data tests.
fn settle_with_tests(pipeline: Pipeline, waiting: Waiting) {
    Effect::new(move |_| {
        let Some(outcome) = tests_outcome(pipeline) else {
            return;
        };
        for (resolve, reject) in waiting.take() {
            let _ = match &outcome {
                Ok(report) => resolve.call1(&JsValue::UNDEFINED, report),
                Err(reason) => reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(reason)),
            };
        }
    });
}

fn tests(pipeline: Pipeline, waiting: &Waiting) -> Promise {
    match untrack(|| tests_outcome(pipeline)) {
        Some(Ok(report)) => Promise::resolve(&report),
        Some(Err(reason)) => Promise::reject(&js_sys::Error::new(&reason)),
        None => Promise::new(&mut |resolve, reject| waiting.borrow_mut().push((resolve, reject))),
    }
}

/// What the data tests of the current run said; `None` while it or they are under way.
fn tests_outcome(pipeline: Pipeline) -> Option<Result<JsValue, String>> {
    pipeline.status.with(outcome)?.map_or_else(
        |reason| Some(Err(reason)),
        |()| {
            let revision = pipeline.status.with(|status| status.revision);
            pipeline.tests.with(|tests| {
                let is_current = tests.revision == revision && !tests.is_running;
                match (&tests.report, &tests.error) {
                    (Some(report), _) if is_current => Some(Ok(plain(&report.tests))),
                    (None, Some(error)) if is_current => Some(Err(error.clone())),
                    _ => None,
                }
            })
        },
    )
}

/// Settles promises that wait for the models.
fn settle_with_learning(pipeline: Pipeline, waiting: Waiting) {
    Effect::new(move |_| {
        let Some(outcome) = learning_outcome(pipeline) else {
            return;
        };
        for (resolve, reject) in waiting.take() {
            let _ = match &outcome {
                Ok(models) => resolve.call1(&JsValue::UNDEFINED, models),
                Err(reason) => reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(reason)),
            };
        }
    });
}

fn learning(pipeline: Pipeline, waiting: &Waiting) -> Promise {
    match untrack(|| learning_outcome(pipeline)) {
        Some(Ok(models)) => Promise::resolve(&models),
        Some(Err(reason)) => Promise::reject(&js_sys::Error::new(&reason)),
        None => Promise::new(&mut |resolve, reject| waiting.borrow_mut().push((resolve, reject))),
    }
}

/// What became of each model on the current dataset; `None` while any is under way.
fn learning_outcome(pipeline: Pipeline) -> Option<Result<JsValue, String>> {
    pipeline.status.with(outcome)?.map_or_else(
        |reason| Some(Err(reason)),
        |()| {
            let revision = pipeline.status.with(|status| status.revision);
            pipeline.learning.with(|learning| {
                let is_current = learning.revision == revision && learning.is_settled();
                is_current.then(|| Ok(plain(&learning.outcomes())))
            })
        },
    )
}

/// How the current run ended; `None` while it is under way.
fn outcome(status: &Status) -> Option<Result<(), String>> {
    match &status.phase {
        Phase::Idle | Phase::Running => None,
        Phase::Ready => Some(Ok(())),
        Phase::Cancelled => Some(Err("the run was cancelled".to_owned())),
        Phase::Failed(reason) | Phase::Refused(reason) => Some(Err(reason.clone())),
    }
}

async fn query(pipeline: Pipeline, sql: &str) -> Result<JsValue, JsValue> {
    let batches = dataset(pipeline)?.query_foreign(sql).await.map_err(error)?;
    let json = serde_json::to_string(&json_rows(&batches)).map_err(error)?;
    js_sys::JSON::parse(&json)
}

async fn arrow(pipeline: Pipeline, sql: &str) -> Result<JsValue, JsValue> {
    let file = dataset(pipeline)?.query_arrow(sql).await.map_err(error)?;
    Ok(file.into_bytes().into())
}

fn dataset(pipeline: Pipeline) -> Result<Dataset, JsValue> {
    let dataset = pipeline.dataset.get_untracked();
    dataset.ok_or_else(|| error("there is no dataset yet; await metricflow.ready first"))
}

fn error(message: impl ToString) -> JsValue {
    js_sys::Error::new(&message.to_string()).into()
}

/// A value as plain objects.
fn plain(value: &impl serde::Serialize) -> JsValue {
    serde_json::to_string(value)
        .ok()
        .and_then(|json| js_sys::JSON::parse(&json).ok())
        .unwrap_or(JsValue::NULL)
}

fn publish<T: wasm_bindgen::closure::WasmClosure + ?Sized>(
    surface: &Object,
    name: &str,
    function: Closure<T>,
) {
    set(surface, name, function.as_ref());
    // The surface lives as long as the page.
    function.forget();
}

fn set(target: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a plain object can't fail.
    let _ = Reflect::set(target, &name.into(), value);
}
