//! dbt's template functions on minijinja.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Rest, Serde};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, context};
use serde_json::Value;

use super::{MacroFile, ProjectError};

/// What templates can name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// SQL names of models and seeds.
    pub(super) refs: BTreeMap<String, String>,
    /// SQL names of sources, by `source.table`.
    pub(super) sources: BTreeMap<String, String>,
    /// Values of `var`.
    pub(super) vars: BTreeMap<String, Value>,
    /// Whether an unknown name is an error; else it is only captured.
    pub(super) strict: bool,
}

/// What a template named while it was rendered.
#[derive(Debug, Clone, Default)]
pub(super) struct Captured {
    pub(super) refs: BTreeSet<String>,
    pub(super) sources: BTreeSet<String>,
    pub(super) vars: BTreeSet<String>,
    pub(super) config: BTreeMap<String, Value>,
    /// Values given to `return`, one slot for each macro call under way.
    returned: Vec<Option<minijinja::Value>>,
}

type Capture = Arc<Mutex<Captured>>;

/// What one template may cost: an instruction costs 1, and so do 64 bytes of text it makes.
///
/// The page renders templates on its own thread, so this bounds both how long an edit can hold it up
/// (about a tenth of a second) and what it can allocate (about 64 MB). The project's dearest model
/// takes less than a tenth of it, as a test of `compile` measures.
pub(super) const FUEL: u64 = 1_000_000;

/// Renders templates with the project's macros.
pub(super) struct Renderer {
    environment: Environment<'static>,
    capture: Capture,
}

impl Renderer {
    pub(super) fn new(names: Names, macros: &[MacroFile]) -> Result<Self, ProjectError> {
        let capture = Capture::default();
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        add_names(&mut environment, &capture, names);
        add_dbt(&mut environment, &capture);
        for file in macros {
            environment
                .add_template_owned(file.path.clone(), file.source.clone())
                .map_err(|error| template_error(&file.path, &error))?;
            for name in &file.names {
                let as_function = Macro {
                    file: file.path.clone(),
                    name: name.clone(),
                    capture: Arc::clone(&capture),
                };
                environment.add_global(name.clone(), minijinja::Value::from_object(as_function));
            }
        }
        Ok(Self {
            environment,
            capture,
        })
    }

    #[cfg(test)]
    pub(super) fn set_fuel(&mut self, fuel: u64) {
        self.environment.set_fuel(Some(fuel));
    }

    /// Renders `source`; `variables` are `this`, a test's arguments and the like.
    pub(super) fn render(
        &self,
        path: &str,
        source: &str,
        variables: &BTreeMap<String, minijinja::Value>,
    ) -> Result<(String, Captured), ProjectError> {
        let (rendered, captured) = self.render_untrimmed(path, source, variables)?;
        Ok((rendered.trim().to_owned(), captured))
    }

    /// The same with the white space around it.
    pub(super) fn render_untrimmed(
        &self,
        path: &str,
        source: &str,
        variables: &BTreeMap<String, minijinja::Value>,
    ) -> Result<(String, Captured), ProjectError> {
        *locked(&self.capture) = Captured::default();
        let rendered = self
            .environment
            .render_named_str(
                path,
                source,
                minijinja::Value::from_pairs(variables.clone()),
            )
            .map_err(|error| template_error(path, &error))?;
        Ok((rendered, std::mem::take(&mut *locked(&self.capture))))
    }
}

fn locked(capture: &Capture) -> std::sync::MutexGuard<'_, Captured> {
    // One thread renders; a poisoned lock could only come from a panic that ended it.
    capture.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add_names(environment: &mut Environment<'static>, capture: &Capture, names: Names) {
    let Names {
        refs,
        sources,
        vars,
        strict,
    } = names;
    let seen = Arc::clone(capture);
    environment.add_function(
        "ref",
        move |first: String, second: Option<String>| -> Result<String, Error> {
            let name = second.unwrap_or(first);
            let relation = refs.get(&name).cloned();
            locked(&seen).refs.insert(name.clone());
            match relation {
                None if strict => Err(unknown(format!(
                    "ref('{name}') names neither a model nor a seed"
                ))),
                relation => Ok(relation.unwrap_or(name)),
            }
        },
    );
    let seen = Arc::clone(capture);
    environment.add_function(
        "source",
        move |source: String, table: String| -> Result<String, Error> {
            let name = format!("{source}.{table}");
            let relation = sources.get(&name).cloned();
            locked(&seen).sources.insert(name.clone());
            match relation {
                None if strict => Err(unknown(format!("source {name} is not declared"))),
                relation => Ok(relation.unwrap_or(name)),
            }
        },
    );
    let seen = Arc::clone(capture);
    environment.add_function(
        "var",
        move |name: String, default: Option<minijinja::Value>| -> Result<minijinja::Value, Error> {
            locked(&seen).vars.insert(name.clone());
            vars.get(&name)
                .map(from_json)
                .or(default)
                .ok_or_else(|| unknown(format!("var('{name}') has no value")))
        },
    );
}

/// `config`, `target`, `return`, `log` and the rest of dbt's context that portable models use.
fn add_dbt(environment: &mut Environment<'static>, capture: &Capture) {
    environment.add_global(
        "config",
        minijinja::Value::from_object(Config(Arc::clone(capture))),
    );
    environment.add_global(
        "target",
        minijinja::Value::from_pairs([
            ("type", "duckdb"),
            ("name", "tab"),
            ("schema", "main"),
            ("database", "metricflow"),
        ]),
    );
    environment.add_global("execute", true);
    environment.add_function("log", |_: Rest<minijinja::Value>| String::new());
    let slot = Arc::clone(capture);
    environment.add_function("return", move |value: minijinja::Value| {
        if let Some(last) = locked(&slot).returned.last_mut() {
            *last = Some(value);
        }
        String::new()
    });
}

/// A macro as a function of the whole project: macros may call each other in any order.
#[derive(Debug)]
struct Macro {
    file: String,
    name: String,
    capture: Capture,
}

impl Object for Macro {
    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        let this = state.lookup("this").unwrap_or_default();
        let template = state.env().get_template(&self.file)?;
        let mut rendered = template.render_captured(context! { this })?;
        locked(&self.capture).returned.push(None);
        let (text, burnt) = rendered.with_state_mut(|inner| {
            let text = inner.call_macro(&self.name, args);
            (text, inner.fuel_levels().map_or(0, |(burnt, _)| burnt))
        });
        // The macro's file has fuel of its own: what it burnt is charged to whoever called it.
        let charged = state.consume_fuel(burnt);
        let returned = locked(&self.capture).returned.pop().flatten();
        let text = text?;
        charged?;
        Ok(returned.unwrap_or(minijinja::Value::from(text)))
    }
}

/// `config(…)` notes the model's configuration; `config.get(…)` reads it.
#[derive(Debug)]
struct Config(Capture);

impl Object for Config {
    fn call(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        let (kwargs,): (Kwargs,) = minijinja::value::from_args(args)?;
        let mut captured = locked(&self.0);
        for key in kwargs.args() {
            let value: minijinja::Value = kwargs.get(key)?;
            let value = serde_json::to_value(&value)
                .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
            captured.config.insert(key.to_owned(), value);
        }
        Ok(minijinja::Value::from(""))
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        if method != "get" && method != "require" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (key, default): (String, Option<minijinja::Value>) = minijinja::value::from_args(args)?;
        let value = locked(&self.0).config.get(&key).cloned();
        Ok(value
            .map(|value| from_json(&value))
            .or(default)
            .unwrap_or_default())
    }
}

/// A YAML value as templates see it.
pub(super) fn from_json(value: &Value) -> minijinja::Value {
    minijinja::Value::from(Serde(value))
}

/// What is said of a template that costs more than [`FUEL`].
const OUT_OF_FUEL: &str = "the template was stopped because it does too much work: shorten its loops or the text they make";

/// Template variables of a model.
pub(super) fn this(relation: &str) -> BTreeMap<String, minijinja::Value> {
    BTreeMap::from([("this".to_owned(), minijinja::Value::from(relation))])
}

fn unknown(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// An error of the template engine with the causes it hides behind "could not render".
pub(super) fn template_error(path: &str, error: &Error) -> ProjectError {
    let mut message = error.to_string();
    let mut is_out_of_fuel = error.kind() == ErrorKind::OutOfFuel;
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        is_out_of_fuel |= inner
            .downcast_ref::<Error>()
            .is_some_and(|inner| inner.kind() == ErrorKind::OutOfFuel);
        message.push_str(": ");
        message.push_str(&inner.to_string());
        cause = inner.source();
    }
    if is_out_of_fuel {
        OUT_OF_FUEL.clone_into(&mut message);
    }
    ProjectError::Template {
        path: path.to_owned(),
        line: error.line(),
        message,
    }
}
