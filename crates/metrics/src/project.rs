//! Files → [`Project`]: what is declared, checked once.

use std::collections::BTreeMap;

use crate::declared::{
    Aggregation, Choice, EntityKind, File, MeasureInputNode, MeasureNode, MetricInputNode,
    MetricMeta, MetricNode, ModelMeta, NameOr, OneOrMany, PeriodAggregation, SemanticModelNode,
};
use crate::expression::{Condition, Templates};
use crate::{Grain, MetricsError, Window};

/// What the files themselves do not say.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// dbt's vars, such as `as_of`.
    pub vars: BTreeMap<String, String>,
    /// Where each dbt model and seed stands: `fct_mrr` → `marts.fct_mrr`.
    pub relations: BTreeMap<String, String>,
}

/// All metrics, and what they are measured on.
#[derive(Debug, Clone, Default)]
pub struct Project {
    pub(crate) models: BTreeMap<String, SemanticModel>,
    pub(crate) metrics: BTreeMap<String, Metric>,
    pub(crate) measures: BTreeMap<String, Measure>,
    pub(crate) spine: Option<Spine>,
    pub(crate) relations: BTreeMap<String, String>,
}

/// Rows that can be measured, split and joined.
#[derive(Debug, Clone)]
pub struct SemanticModel {
    /// Its name.
    pub name: String,
    /// What its rows are.
    pub description: String,
    /// Where its rows stand.
    pub relation: String,
    /// This project's own keys.
    pub meta: ModelMeta,
    pub(crate) primary_entity: Option<String>,
    pub(crate) default_time: Option<String>,
    pub(crate) entities: BTreeMap<String, Entity>,
    pub(crate) dimensions: BTreeMap<String, Dimension>,
}

#[derive(Debug, Clone)]
pub(crate) struct Entity {
    pub(crate) kind: EntityKind,
    pub(crate) expression: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Dimension {
    pub(crate) expression: String,
    /// For a time dimension, how exact it is.
    pub(crate) grain: Option<Grain>,
}

#[derive(Debug, Clone)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) model: String,
    pub(crate) aggregation: Aggregation,
    pub(crate) expression: String,
    /// The dimension that says when.
    pub(crate) time: String,
    /// Which end of a period it is taken at, where it can't be added up over time.
    pub(crate) balance: Option<Choice>,
}

/// Every day there is.
#[derive(Debug, Clone)]
pub(crate) struct Spine {
    pub(crate) relation: String,
    pub(crate) column: String,
}

/// A figure, declared once.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its name on screen.
    pub label: String,
    /// What it is.
    pub description: String,
    /// This project's own keys.
    pub meta: MetricMeta,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) kind: MetricKind,
}

#[derive(Debug, Clone)]
pub(crate) enum MetricKind {
    Simple(MeasureInput),
    Ratio(MetricInput, MetricInput),
    Derived {
        expression: String,
        inputs: Vec<MetricInput>,
    },
    Cumulative {
        measure: MeasureInput,
        window: Option<Window>,
        to_date: Option<Grain>,
        period: PeriodAggregation,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct MeasureInput {
    pub(crate) name: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) fill: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct MetricInput {
    pub(crate) name: String,
    pub(crate) alias: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) offset: Option<Window>,
}

impl Project {
    /// Reads a project's YAML files, each with its path; files without metrics are read over.
    ///
    /// # Errors
    /// The first fault found.
    #[cfg(feature = "yaml")]
    pub fn read<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        settings: &Settings,
    ) -> Result<Self, MetricsError> {
        let read = |(path, text): (&'a str, &'a str)| {
            let file: Result<Option<File>, _> = yaml_serde::from_str(text);
            (path, file.map_err(|error| error.to_string()))
        };
        Self::of_files(files.into_iter().map(read), settings)
    }

    /// The same from one JSON object, each file under its path: a page has no YAML reader.
    ///
    /// # Errors
    /// The first fault found.
    pub fn from_json(files: &str, settings: &Settings) -> Result<Self, MetricsError> {
        let files: BTreeMap<String, Option<File>> =
            serde_json::from_str(files).map_err(|error| MetricsError::Invalid {
                path: "metrics.json".to_owned(),
                message: error.to_string(),
            })?;
        let files = files
            .iter()
            .map(|(path, file)| (path.as_str(), Ok(file.clone())));
        Self::of_files(files, settings)
    }

    fn of_files<'a>(
        files: impl Iterator<Item = (&'a str, Result<Option<File>, String>)>,
        settings: &Settings,
    ) -> Result<Self, MetricsError> {
        let templates = Templates::new(&settings.vars);
        let mut project = Self {
            relations: settings.relations.clone(),
            ..Self::default()
        };
        for (path, file) in files {
            let file = file.map_err(|message| MetricsError::Invalid {
                path: path.to_owned(),
                message,
            })?;
            let file = file.unwrap_or_default();
            for model in file.models {
                if let Some(spine) = model.time_spine {
                    let relation =
                        project.relation(&format!("the time spine {}", model.name), &model.name)?;
                    project.spine = Some(Spine {
                        relation,
                        column: spine.standard_granularity_column,
                    });
                }
            }
            for node in file.semantic_models {
                project.add_model(node, &templates)?;
            }
            for node in file.metrics {
                let metric = metric(node, &templates)?;
                let name = metric.name.clone();
                if project.metrics.insert(name.clone(), metric).is_some() {
                    return Err(MetricsError::Twice {
                        kind: "metric",
                        name,
                    });
                }
            }
        }
        project.check()?;
        Ok(project)
    }

    /// All metrics, by name.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values()
    }

    /// A metric.
    ///
    /// # Errors
    /// No metric has that name.
    pub fn metric(&self, name: &str) -> Result<&Metric, MetricsError> {
        self.metrics
            .get(name)
            .ok_or_else(|| MetricsError::UnknownMetric(name.to_owned()))
    }

    /// The rows that a metric is measured on; several where it is made of several.
    ///
    /// # Errors
    /// No metric has that name.
    pub fn measured_on(&self, metric: &str) -> Result<Vec<&SemanticModel>, MetricsError> {
        let names: std::collections::BTreeSet<&str> = self
            .measures_of(self.metric(metric)?)
            .map(|measure| measure.model.as_str())
            .collect();
        Ok(names
            .into_iter()
            .filter_map(|name| self.models.get(name))
            .collect())
    }

    /// Every day there is, which a metric needs.
    pub(crate) fn spine(&self, metric: &str) -> Result<&Spine, MetricsError> {
        self.spine.as_ref().ok_or_else(|| MetricsError::Missing {
            declared_by: format!("metric {metric}"),
            kind: "dbt model",
            name: "with a time_spine".to_owned(),
        })
    }

    /// Where a model stands.
    pub(crate) fn relation(&self, declared_by: &str, model: &str) -> Result<String, MetricsError> {
        let found = self.relations.get(model);
        found.cloned().ok_or_else(|| MetricsError::Missing {
            declared_by: declared_by.to_owned(),
            kind: "dbt model",
            name: model.to_owned(),
        })
    }

    fn measures_of(&self, metric: &Metric) -> Box<dyn Iterator<Item = &Measure> + '_> {
        let of = |input: &MetricInput| self.metrics.get(&input.name);
        let inputs = match &metric.kind {
            MetricKind::Simple(measure) | MetricKind::Cumulative { measure, .. } => {
                return Box::new(self.measures.get(&measure.name).into_iter());
            }
            MetricKind::Ratio(numerator, denominator) => vec![of(numerator), of(denominator)],
            MetricKind::Derived { inputs, .. } => inputs.iter().map(of).collect(),
        };
        Box::new(
            inputs
                .into_iter()
                .flatten()
                .flat_map(|input| self.measures_of(input)),
        )
    }

    fn add_model(
        &mut self,
        node: SemanticModelNode,
        templates: &Templates,
    ) -> Result<(), MetricsError> {
        let declared_by = format!("semantic model {}", node.name);
        let model = referenced(&node.model).ok_or_else(|| MetricsError::Template {
            declared_by: declared_by.clone(),
            message: format!("model is {}, and should be a ref", node.model),
        })?;
        let relation = self.relation(&declared_by, model)?;
        let render = |expression: Option<String>, name: &str| {
            templates.render(&declared_by, &expression.unwrap_or_else(|| name.to_owned()))
        };
        let mut entities = BTreeMap::new();
        for entity in node.entities {
            let expression = render(entity.expr, &entity.name)?;
            let kind = entity.kind;
            entities.insert(entity.name, Entity { kind, expression });
        }
        let mut dimensions = BTreeMap::new();
        for dimension in node.dimensions {
            let expression = render(dimension.expr, &dimension.name)?;
            let grain = dimension
                .type_params
                .and_then(|params| params.time_granularity);
            dimensions.insert(dimension.name, Dimension { expression, grain });
        }
        let primary = entities
            .iter()
            .find(|(_, entity)| entity.kind == EntityKind::Primary);
        let primary_entity = primary
            .map(|(name, _)| name.clone())
            .or(node.primary_entity);
        for measure in node.measures {
            let time = node.defaults.agg_time_dimension.as_deref();
            let measure = measure_of(measure, &node.name, time, &dimensions, templates)?;
            let name = measure.name.clone();
            if self.measures.insert(name.clone(), measure).is_some() {
                return Err(MetricsError::Twice {
                    kind: "measure",
                    name,
                });
            }
        }
        for alternative in node
            .config
            .meta
            .marts
            .iter()
            .chain(&node.config.meta.serving)
        {
            if let Some(model) = &alternative.model {
                self.relation(&declared_by, model)?;
            }
        }
        let model = SemanticModel {
            name: node.name.clone(),
            description: node.description,
            relation,
            meta: node.config.meta,
            primary_entity,
            default_time: node.defaults.agg_time_dimension,
            entities,
            dimensions,
        };
        match self.models.insert(node.name.clone(), model) {
            None => Ok(()),
            Some(_) => Err(MetricsError::Twice {
                kind: "semantic model",
                name: node.name,
            }),
        }
    }

    /// Every name leads somewhere, and no metric to itself.
    fn check(&self) -> Result<(), MetricsError> {
        for metric in self.metrics.values() {
            self.check_metric(metric, &mut Vec::new())?;
        }
        Ok(())
    }

    fn check_metric<'a>(
        &'a self,
        metric: &'a Metric,
        above: &mut Vec<&'a str>,
    ) -> Result<(), MetricsError> {
        if above.contains(&metric.name.as_str()) {
            return Err(MetricsError::Circle(metric.name.clone()));
        }
        let missing = |kind: &'static str, name: &str| MetricsError::Missing {
            declared_by: format!("metric {}", metric.name),
            kind,
            name: name.to_owned(),
        };
        let inputs = match &metric.kind {
            MetricKind::Simple(measure) | MetricKind::Cumulative { measure, .. } => {
                let known = self.measures.contains_key(&measure.name);
                return if known {
                    Ok(())
                } else {
                    Err(missing("measure", &measure.name))
                };
            }
            MetricKind::Ratio(numerator, denominator) => vec![numerator, denominator],
            MetricKind::Derived { inputs, .. } => inputs.iter().collect(),
        };
        above.push(&metric.name);
        for input in inputs {
            let below = self.metrics.get(&input.name);
            self.check_metric(below.ok_or_else(|| missing("metric", &input.name))?, above)?;
        }
        above.pop();
        Ok(())
    }
}

/// The model in `ref('model')`.
fn referenced(text: &str) -> Option<&str> {
    let text = text
        .trim()
        .trim_start_matches("{{")
        .trim_end_matches("}}")
        .trim();
    let inner = text.strip_prefix("ref(")?.strip_suffix(')')?.trim();
    Some(inner.trim_matches(['\'', '"']))
}

fn measure_of(
    node: MeasureNode,
    model: &str,
    default_time: Option<&str>,
    dimensions: &BTreeMap<String, Dimension>,
    templates: &Templates,
) -> Result<Measure, MetricsError> {
    let declared_by = format!("measure {}", node.name);
    let missing = |name: &str| MetricsError::Missing {
        declared_by: declared_by.clone(),
        kind: "time dimension",
        name: name.to_owned(),
    };
    let time = node.agg_time_dimension.as_deref().or(default_time);
    let time = time.ok_or_else(|| missing("agg_time_dimension"))?;
    if dimensions
        .get(time)
        .is_none_or(|dimension| dimension.grain.is_none())
    {
        return Err(missing(time));
    }
    if let Some(non_additive) = &node.non_additive_dimension
        && (non_additive.name != time || !non_additive.window_groupings.is_empty())
    {
        return Err(MetricsError::Unsupported {
            declared_by,
            what: "a non_additive_dimension other than its time, or window_groupings".to_owned(),
        });
    }
    let expression = node
        .expr
        .map_or_else(|| node.name.clone(), super::declared::Scalar::into_text);
    Ok(Measure {
        expression: templates.render(&declared_by, &expression)?,
        model: model.to_owned(),
        aggregation: node.agg,
        time: time.to_owned(),
        balance: node
            .non_additive_dimension
            .map(|dimension| dimension.window_choice),
        name: node.name,
    })
}

fn metric(node: MetricNode, templates: &Templates) -> Result<Metric, MetricsError> {
    let declared_by = format!("metric {}", node.name);
    let missing = |kind: &'static str, name: &str| MetricsError::Missing {
        declared_by: declared_by.clone(),
        kind,
        name: name.to_owned(),
    };
    let params = node.type_params;
    let measure = |node: Option<NameOr<MeasureInputNode>>| {
        let node = node.ok_or_else(|| missing("type_params entry", "measure"))?;
        measure_input(&declared_by, node, templates)
    };
    let input = |node: NameOr<MetricInputNode>| metric_input(&declared_by, node, templates);
    let kind = match node.kind.as_str() {
        "simple" => MetricKind::Simple(measure(params.measure)?),
        "ratio" => {
            let (numerator, denominator) = (params.numerator, params.denominator);
            let numerator = numerator.ok_or_else(|| missing("type_params entry", "numerator"))?;
            let denominator =
                denominator.ok_or_else(|| missing("type_params entry", "denominator"))?;
            MetricKind::Ratio(input(numerator)?, input(denominator)?)
        }
        "derived" => {
            let expression = params
                .expr
                .ok_or_else(|| missing("type_params entry", "expr"))?;
            MetricKind::Derived {
                expression: templates.render(&declared_by, &expression.into_text())?,
                inputs: params
                    .metrics
                    .into_iter()
                    .map(input)
                    .collect::<Result<_, _>>()?,
            }
        }
        "cumulative" => {
            let cumulative = params.cumulative_type_params;
            MetricKind::Cumulative {
                measure: measure(params.measure)?,
                window: cumulative
                    .window
                    .map(|text| window(&declared_by, &text))
                    .transpose()?,
                to_date: cumulative.grain_to_date,
                period: cumulative.period_agg,
            }
        }
        other => {
            return Err(MetricsError::Unsupported {
                declared_by,
                what: format!("the type {other}"),
            });
        }
    };
    Ok(Metric {
        conditions: conditions(&declared_by, node.filter, templates)?,
        kind,
        name: node.name,
        label: node.label,
        description: node.description,
        meta: node.config.meta,
    })
}

fn measure_input(
    declared_by: &str,
    node: NameOr<MeasureInputNode>,
    templates: &Templates,
) -> Result<MeasureInput, MetricsError> {
    Ok(match node {
        NameOr::Name(name) => MeasureInput {
            name,
            conditions: Vec::new(),
            fill: None,
        },
        NameOr::Node(node) => MeasureInput {
            name: node.name,
            conditions: conditions(declared_by, node.filter, templates)?,
            fill: node.fill_nulls_with,
        },
    })
}

fn metric_input(
    declared_by: &str,
    node: NameOr<MetricInputNode>,
    templates: &Templates,
) -> Result<MetricInput, MetricsError> {
    let node = match node {
        NameOr::Name(name) => {
            return Ok(MetricInput {
                alias: name.clone(),
                name,
                conditions: Vec::new(),
                offset: None,
            });
        }
        NameOr::Node(node) => node,
    };
    if node.offset_to_grain.is_some() {
        return Err(MetricsError::Unsupported {
            declared_by: declared_by.to_owned(),
            what: "offset_to_grain".to_owned(),
        });
    }
    Ok(MetricInput {
        alias: node.alias.unwrap_or_else(|| node.name.clone()),
        conditions: conditions(declared_by, node.filter, templates)?,
        offset: node
            .offset_window
            .map(|text| window(declared_by, &text))
            .transpose()?,
        name: node.name,
    })
}

fn window(declared_by: &str, text: &str) -> Result<Window, MetricsError> {
    text.parse().map_err(|()| MetricsError::Template {
        declared_by: declared_by.to_owned(),
        message: format!("{text:?} is no window such as 28 days"),
    })
}

fn conditions(
    declared_by: &str,
    filter: Option<OneOrMany<String>>,
    templates: &Templates,
) -> Result<Vec<Condition>, MetricsError> {
    let filters = filter.map(OneOrMany::into_vec).unwrap_or_default();
    filters
        .iter()
        .map(|filter| templates.condition(declared_by, filter))
        .collect()
}
