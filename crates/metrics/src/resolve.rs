//! Names of dimensions → columns, and the joins that lead there.

use crate::declared::EntityKind;
use crate::project::{Project, SemanticModel};
use crate::{Grain, MetricsError};

/// Where a dimension stands, seen from a semantic model.
#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    /// Models joined on the way, each by an entity of the one before.
    pub(crate) joins: Vec<Join<'a>>,
    /// Its expression in the last of them.
    pub(crate) expression: &'a str,
    /// For a time dimension, the grain asked for.
    pub(crate) grain: Option<Grain>,
}

#[derive(Debug, Clone)]
pub(crate) struct Join<'a> {
    pub(crate) entity: &'a str,
    /// The key in the model before.
    pub(crate) from: &'a str,
    pub(crate) model: &'a SemanticModel,
    /// The key in the model that is joined, where it is unique.
    pub(crate) to: &'a str,
}

impl Column<'_> {
    /// The expression, at its grain.
    pub(crate) fn sql(&self) -> String {
        match self.grain {
            Some(grain) => grain.start_of(self.expression),
            None => self.expression.to_owned(),
        }
    }
}

/// Finds `plan`, `user__country` or `user__signup_date__month` from a model's rows.
pub(crate) fn resolve<'a>(
    project: &'a Project,
    model: &'a SemanticModel,
    name: &str,
    metric: &str,
) -> Result<Column<'a>, MetricsError> {
    let unknown = || MetricsError::UnknownDimension {
        metric: metric.to_owned(),
        dimension: name.to_owned(),
    };
    let mut path: Vec<&str> = name.split("__").collect();
    let grain = path.last().and_then(|last| last.parse::<Grain>().ok());
    if grain.is_some() {
        path.pop();
    }
    let last = path.pop().ok_or_else(unknown)?;
    let mut here = model;
    let mut joins = Vec::new();
    for (place, entity) in path.iter().enumerate() {
        let is_last = place + 1 == path.len();
        let is_own = here.dimensions.contains_key(last)
            || (here.entities.contains_key(last) && last != *entity);
        if is_last && is_own && here.primary_entity.as_deref() == Some(*entity) {
            continue;
        }
        let next = if is_last { last } else { path[place + 1] };
        let join = join(project, here, entity, next, is_last, name, metric)?;
        here = join.model;
        joins.push(join.clone());
    }
    let (expression, finest) = match (here.dimensions.get(last), here.entities.get(last)) {
        // A dimension is named with the entity it belongs to.
        (Some(dimension), _) if !path.is_empty() => (&dimension.expression, dimension.grain),
        (_, Some(entity)) => (&entity.expression, None),
        _ => return Err(unknown()),
    };
    match (grain, finest) {
        (Some(grain), Some(finest)) if !finest.divides(grain) => Err(MetricsError::GrainTooFine {
            metric: name.to_owned(),
            grain,
            finest,
        }),
        (Some(_), None) => Err(unknown()),
        (grain, finest) => Ok(Column {
            joins,
            expression,
            grain: grain.or(finest),
        }),
    }
}

/// The only model that an entity leads to and that has the dimension asked for.
fn join<'a>(
    project: &'a Project,
    here: &'a SemanticModel,
    entity: &str,
    next: &str,
    is_last: bool,
    name: &str,
    metric: &str,
) -> Result<Join<'a>, MetricsError> {
    let unknown = || MetricsError::UnknownDimension {
        metric: metric.to_owned(),
        dimension: name.to_owned(),
    };
    let (entity, key) = here.entities.get_key_value(entity).ok_or_else(unknown)?;
    let has = |model: &SemanticModel| {
        (is_last && model.dimensions.contains_key(next)) || model.entities.contains_key(next)
    };
    let mut found = project.models.values().filter_map(|model| {
        let target = model.entities.get(entity)?;
        let is_unique = matches!(target.kind, EntityKind::Primary | EntityKind::Unique);
        let is_found = is_unique && model.name != here.name && next != entity && has(model);
        is_found.then_some(Join {
            entity,
            from: &key.expression,
            model,
            to: &target.expression,
        })
    });
    let first = found.next().ok_or_else(unknown)?;
    match found.next() {
        None => Ok(first),
        Some(second) => Err(MetricsError::Ambiguous {
            metric: metric.to_owned(),
            dimension: name.to_owned(),
            first: first.model.name.clone(),
            second: second.model.name.clone(),
        }),
    }
}
