//! A button with a small panel below it, and when such a panel closes.
//!
//! Every panel that is not a modal dialog closes by [`dismiss`]. Whether the focus is inside says
//! little: a press on a word focuses whatever focusable element is around it (`<main>`, a panel),
//! and Safari focuses neither buttons nor boxes that are clicked.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

/// Closes what `root` holds when the reader turns elsewhere: presses outside it, moves the focus to
/// something outside, or presses Escape.
///
/// Focus that goes nowhere, or to an element around `root`, has not left it.
pub fn dismiss<R>(root: R, is_open: RwSignal<bool>)
where
    R: Fn() -> Option<Element> + Copy + Send + Sync + 'static,
{
    let is_shown = move || is_open.try_get_untracked() == Some(true);
    let press = window_event_listener(leptos::ev::pointerdown, move |event| {
        if is_shown() && place(&root, &event) != Place::Inside {
            is_open.try_set(false);
        }
    });
    let focus = window_event_listener(leptos::ev::focusin, move |event| {
        if is_shown() && place(&root, &event) == Place::Elsewhere {
            is_open.try_set(false);
        }
    });
    let escape = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if !is_shown() || event.key() != "Escape" {
            return;
        }
        // A dialog around it stays open.
        event.prevent_default();
        is_open.try_set(false);
        let button = root().and_then(|root| root.query_selector("button").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
    on_cleanup(move || {
        press.remove();
        focus.remove();
        escape.remove();
    });
}

/// Pixels between an opener and what it opens.
const GAP: f64 = 6.0;

/// Whether a list opens upwards: below its opener it would run out of the screen or under the bar at its
/// lower edge, and above there is room. Decided whenever the list opens.
pub fn opens_up(list: NodeRef<Div>, is_open: RwSignal<bool>) -> ReadSignal<bool> {
    let (is_up, set_up) = signal(false);
    Effect::new(move |_| {
        if is_open.get() {
            request_animation_frame(move || {
                let list = list.try_get_untracked().flatten();
                if let Some(is_up) = list.and_then(|list| fits_above_only(&list)) {
                    set_up.try_set(is_up);
                }
            });
        }
    });
    is_up
}

/// Whether an absolutely placed element has room above the element it is placed by and none below.
/// What bars cover is the page's scroll padding.
#[must_use]
pub fn fits_above_only(element: &HtmlElement) -> Option<bool> {
    let opener = element.offset_parent()?.get_bounding_client_rect();
    let style = document().document_element()?;
    let style = window().get_computed_style(&style).ok().flatten()?;
    let covered = |side: &str| -> f64 {
        let length = style.get_property_value(&format!("scroll-padding-{side}"));
        let length = length.unwrap_or_default();
        length.trim_end_matches("px").parse().unwrap_or(0.0)
    };
    let needed = f64::from(element.offset_height()) + GAP;
    let screen = window().inner_height().ok()?.as_f64()?;
    let is_low = opener.bottom() + needed > screen - covered("bottom");
    Some(is_low && opener.top() - needed >= covered("top"))
}

/// Where an event happened, as seen from an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    /// On an element that contains it.
    Around,
    Elsewhere,
}

fn place(root: &impl Fn() -> Option<Element>, event: &Event) -> Place {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Node>().ok());
    let (Some(root), Some(target)) = (root(), target) else {
        return Place::Around;
    };
    if root.contains(Some(&target)) {
        Place::Inside
    } else if target.contains(Some(&root)) {
        Place::Around
    } else {
        Place::Elsewhere
    }
}

/// A button with a small panel below it, or above where there is more room.
#[component]
pub fn Popover(
    /// Names the button in test ids.
    #[prop(into)]
    id: String,
    /// What the button says, and the panel's name.
    #[prop(into)]
    label: Signal<String>,
    /// The button's class.
    #[prop(default = "filter-button")]
    class: &'static str,
    /// Whether something is chosen in the panel.
    #[prop(into, optional)]
    is_set: Signal<bool>,
    /// How many are chosen, where several can be; told in the caret's place, so that the button stays
    /// as wide as it is and its panel where it is.
    #[prop(into, optional)]
    count: Signal<usize>,
    /// What the panel holds.
    children: ChildrenFn,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let root = NodeRef::<Div>::new();
    let panel = NodeRef::<Div>::new();
    let is_up = opens_up(panel, is_open);
    let children = StoredValue::new(children);
    dismiss(
        move || root.try_get_untracked().flatten().map(Element::from),
        is_open,
    );
    view! {
        <div class="popover" class:up=is_up node_ref=root>
            <button
                class=class
                class:set=is_set
                data-testid=id
                aria-expanded=move || is_open.get().to_string()
                aria-haspopup="dialog"
                aria-label=move || match count.get() {
                    0 => None,
                    count => Some(format!("{}: {count} chosen", label.get())),
                }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {label}
                <span class="caret-place" aria-hidden="true">
                    {move || match count.get() {
                        0 => view! { <span class="caret"></span> }.into_any(),
                        count => view! { <span class="count">{count}</span> }.into_any(),
                    }}
                </span>
            </button>
            <Show when=move || is_open.get()>
                // Takes the focus of a press on its words, which keeps Tab going on from there.
                <div
                    class="popover-panel"
                    node_ref=panel
                    role="dialog"
                    aria-label=move || label.get()
                    tabindex="-1"
                >
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </div>
    }
}
