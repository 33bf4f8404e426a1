//! The few things asked of the browser itself.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, MediaQueryListEvent};

/// The path of the folder the page is published in, without a trailing slash: `""` or `"/sub"`.
///
/// Taken from `<base>`, which points there from every route's page.
#[must_use]
pub fn site_path() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let path = web_sys::Url::new(&base).map(|url| url.pathname());
    let path = path.unwrap_or_default();
    // A page may have been opened by its file name.
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.trim_end_matches('/').to_owned()
}

/// The address of the folder the page is published in, with a trailing slash.
#[must_use]
pub fn site_address() -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{}/", site_path())
}

/// Whether the reader asked for less motion.
#[must_use]
pub fn prefers_reduced_motion() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

fn matches_media(query: &str) -> bool {
    let answer = window().match_media(query).ok().flatten();
    answer.is_some_and(|list| list.matches())
}

/// Whether a media query holds, from now on as long as the page lives.
#[must_use]
pub fn follow_media(query: &str) -> Signal<bool> {
    let list = window().match_media(query).ok().flatten();
    let holds = RwSignal::new(list.as_ref().is_some_and(|list| list.matches()));
    let follow =
        Closure::<dyn FnMut(MediaQueryListEvent)>::new(move |event: MediaQueryListEvent| {
            holds.set(event.matches());
        });
    if let Some(list) = list {
        list.set_onchange(Some(follow.as_ref().unchecked_ref()));
        // A list without an owner may be dropped with its listener.
        follow.forget();
        std::mem::forget(list);
    }
    holds.into()
}

/// The reader's screen, as far as charts are drawn for it; provided as context.
#[derive(Clone, Copy)]
pub struct Screen {
    /// Whether it is as narrow as a telephone's, for which style sheets have the same query.
    pub is_narrow: Signal<bool>,
}

/// Milliseconds that a width must hold before charts are drawn for it.
const SETTLED: u32 = 150;

/// Provides the [`Screen`].
pub fn provide_screen() {
    let is_narrow = follow_media("(max-width: 719px)");
    // A width that is passed through, as while a picture of the page is taken, redraws nothing.
    let settled = RwSignal::new(is_narrow.get_untracked());
    Effect::new(move |_| {
        is_narrow.track();
        Timeout::new(SETTLED, move || {
            let now = is_narrow.get_untracked();
            if settled.get_untracked() != now {
                settled.set(now);
            }
        })
        .forget();
    });
    provide_context(Screen {
        is_narrow: settled.into(),
    });
}

/// Offers text to the reader as a file.
pub fn download_text(name: &str, media_type: &str, text: &str) {
    download_parts(name, media_type, std::iter::once(text));
}

/// Offers CSV to the reader as a file; `parts` follow one another.
pub fn download_csv<Part: AsRef<str>>(name: &str, parts: impl IntoIterator<Item = Part>) {
    download_parts(name, "text/csv;charset=utf-8", parts);
}

fn download_parts<Part: AsRef<str>>(
    name: &str,
    media_type: &str,
    texts: impl IntoIterator<Item = Part>,
) {
    let parts = js_sys::Array::new();
    for text in texts {
        parts.push(&JsValue::from_str(text.as_ref()));
    }
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else {
        return;
    };
    if let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) {
        download_url(name, &url);
        // Some browsers read the blob only after they have asked the reader where to keep it.
        Timeout::new(60_000, move || drop(web_sys::Url::revoke_object_url(&url))).forget();
    }
}

/// Offers what a URL holds to the reader as a file.
pub fn download_url(name: &str, url: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(url);
        link.set_download(name);
        link.click();
    }
}

/// Puts text on the clipboard; `false` where the browser has none or refuses.
pub async fn copy_text(text: &str) -> bool {
    let navigator = window().navigator();
    // Without a secure context there is no clipboard.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    let written = navigator.clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
}

/// Scrolls to an element and gives it the focus, once it is drawn.
pub fn show_element(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        let element = element.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            element.scroll_into_view();
            let _ = element.focus();
        }
    });
}
