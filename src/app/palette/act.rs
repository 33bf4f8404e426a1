//! Carrying out what was chosen.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::entries::{Command, PanelAct};
use crate::app::over::{Frame, Over};
use crate::app::pages::dashboard_at;
use crate::app::theme_switch::Choice;
use crate::components::browser::site_path;
use crate::components::panel_request::PanelRequest;
use crate::components::panel_view::PanelView;
use crate::dashboards::pages::Page;
use crate::parameters::Scenario;
use crate::state::Pipeline;
use crate::workbench::page_keys::use_page_keys;

/// Gives what carries out a command; must be called below `<Router>`.
pub(super) fn use_act() -> impl Fn(Command) + Copy + Send + Sync + 'static {
    let frame = expect_context::<Frame>();
    let pipeline = expect_context::<Pipeline>();
    let choice = expect_context::<Choice>();
    let keys = use_page_keys();
    let here = use_dashboard();
    move |command| {
        let filters = pipeline.filters.get_untracked();
        match command {
            Command::Go(route) => keys.open(route, &[("panel", "")]),
            Command::Panel(page, id, act) => {
                let view = match act {
                    PanelAct::Full => PanelView::Full.to_key(id),
                    PanelAct::Sql => PanelView::Sql.to_key(id),
                    _ => String::new(),
                };
                let mut changes = vec![("panel", view.as_str())];
                if act == PanelAct::Table {
                    changes.push(("table", id));
                }
                // Where nothing of the link would change, nothing is added to go back from.
                let is_here = here.get_untracked() == Some(page);
                if !is_here || !view.is_empty() || act == PanelAct::Table {
                    keys.open(page.route(), &changes);
                }
                let request = match act {
                    PanelAct::Csv => Some(PanelRequest::Csv),
                    PanelAct::Png => Some(PanelRequest::Png),
                    PanelAct::Show | PanelAct::Table => Some(PanelRequest::Show),
                    PanelAct::Full | PanelAct::Sql => None,
                };
                if let Some(request) = request {
                    frame.requests.ask(id, request);
                }
            }
            Command::Range(range) => pipeline.set_filters(&filters.with_range(range)),
            Command::Compare => {
                let mut changed = filters;
                changed.compare = !changed.compare;
                pipeline.set_filters(&changed);
            }
            Command::Filter(dimension, value) => {
                pipeline.set_filters(&filters.toggled(dimension, value));
            }
            Command::ClearFilters => pipeline.set_filters(&filters.cleared()),
            Command::Truth => {
                let is_shown = pipeline.page_key("truth").get_untracked().is_some();
                let next = (!is_shown).then(|| "1".to_owned());
                pipeline.set_page_keys(&[("truth", next)]);
            }
            Command::Preset(preset) => pipeline.set_scenario(&Scenario::preset(preset)),
            Command::RunAgain => pipeline.restart(),
            Command::Theme(theme) => {
                choice.remember(theme);
                keys.replace(&[("theme", theme.key())]);
            }
            Command::Share => frame.over.set(Some(Over::Share)),
            Command::Shortcuts => frame.over.set(Some(Over::Shortcuts)),
            // Once the palette is off the page.
            Command::Print => request_animation_frame(|| {
                let _ = window().print();
            }),
        }
    }
}

/// The dashboard one is on, followed.
pub(in crate::app) fn use_dashboard() -> Memo<Option<Page>> {
    let location = use_location();
    let site = site_path();
    Memo::new(move |_| {
        let path = location.pathname.get();
        dashboard_at(path.strip_prefix(site.as_str())?)
    })
}
