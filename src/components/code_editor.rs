//! SQL with highlighting, to read or to edit: CodeMirror, loaded when it is first shown.
//!
//! `scripts/code_editor.js` is what the bundle holds. It draws in a shadow root, where CodeMirror
//! needs no `<style>` element, so the strict content security policy holds.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use super::script::load_script;

#[wasm_bindgen]
extern "C" {
    /// An editor in an element.
    type Editor;

    #[wasm_bindgen(js_namespace = codeEditor, js_name = create, catch)]
    fn create(host: &web_sys::HtmlElement, options: &JsValue) -> Result<Editor, JsValue>;

    #[wasm_bindgen(method, js_name = setText, catch)]
    fn set_text(this: &Editor, text: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, js_name = setFault, catch)]
    fn set_fault(this: &Editor, line: u32, token: &str, message: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn destroy(this: &Editor) -> Result<(), JsValue>;
}

/// A fault at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// What is marked in the line; empty marks the whole of it.
    pub token: String,
    /// What is wrong, shown beside it.
    pub message: String,
}

/// A name that can be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionName {
    /// The name.
    pub label: String,
    /// Whether it is a table; else a column or a word of the language.
    pub is_table: bool,
    /// A remark beside it; may be empty.
    pub detail: String,
}

/// SQL to read.
#[component]
pub fn CodeView(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for those who don't see it.
    #[prop(into)]
    label: String,
    /// A line to be marked.
    #[prop(optional, into)]
    fault: Option<Signal<Option<Fault>>>,
) -> impl IntoView {
    let fault = fault.unwrap_or_else(|| Signal::derive(|| None));
    view! { <Code text label fault editing=None /> }
}

/// SQL to edit.
#[component]
pub fn CodeEditor(
    /// The text; a new value replaces what was typed.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for those who don't see it.
    #[prop(into)]
    label: String,
    /// A fault to be marked.
    #[prop(into)]
    fault: Signal<Option<Fault>>,
    /// Names that are completed.
    names: Vec<CompletionName>,
    /// The text was changed by typing.
    on_change: Callback<String>,
    /// Ctrl or Cmd with Enter was pressed.
    on_run: Callback<()>,
) -> impl IntoView {
    let editing = Some(Editing {
        names,
        on_change,
        on_run,
    });
    view! { <Code text label fault editing /> }
}

struct Editing {
    names: Vec<CompletionName>,
    on_change: Callback<String>,
    on_run: Callback<()>,
}

/// What the script holds alive: its closures must live as long as the editor.
struct Mounted {
    editor: Editor,
    _on_change: Closure<dyn Fn(String)>,
    _on_run: Closure<dyn Fn()>,
}

#[component]
fn Code(
    text: Signal<String>,
    label: String,
    fault: Signal<Option<Fault>>,
    editing: Option<Editing>,
) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let mounted: Rc<RefCell<Option<Mounted>>> = Rc::default();
    let (is_mounted, set_mounted) = signal(false);
    let (failure, set_failure) = signal(None::<String>);
    let editing = StoredValue::new_local(editing);
    let is_gone = StoredValue::new(false);
    let slot = StoredValue::new_local(Rc::clone(&mounted));
    host.on_load(move |element| {
        let label = label.clone();
        spawn_local(async move {
            let loaded = load_script("code-editor", "codeEditor").await;
            if is_gone.try_get_value().unwrap_or(true) {
                return;
            }
            let made = loaded.and_then(|()| {
                editing.with_value(|editing| {
                    mount(&element, &text.get_untracked(), &label, editing.as_ref())
                })
            });
            match made {
                Ok(made) => {
                    slot.with_value(|slot| *slot.borrow_mut() = Some(made));
                    set_mounted.set(true);
                }
                Err(error) => set_failure.set(Some(message_of(&error))),
            }
        });
    });
    let with_editor = move |change: &dyn Fn(&Editor)| {
        if is_mounted.get() {
            slot.with_value(|slot| {
                if let Some(mounted) = slot.borrow().as_ref() {
                    change(&mounted.editor);
                }
            });
        }
    };
    // The editor refuses neither: an equal text is left alone, the line is clamped.
    Effect::new(move |_| {
        let text = text.get();
        with_editor(&|editor| {
            let _ = editor.set_text(&text);
        });
    });
    Effect::new(move |_| {
        let Fault {
            line,
            token,
            message,
        } = fault.get().unwrap_or_default();
        with_editor(&|editor| {
            let _ = editor.set_fault(line, &token, &message);
        });
    });
    on_cleanup(move || {
        is_gone.set_value(true);
        slot.with_value(|slot| {
            if let Some(mounted) = slot.borrow_mut().take() {
                let _ = mounted.editor.destroy();
            }
        });
    });
    // Until the editor is there, and where it can't be loaded, the plain text stands.
    let plain = move || {
        (!is_mounted.get()).then(|| {
            view! {
                <pre class="sql" tabindex="0">
                    <code>{move || text.get()}</code>
                </pre>
            }
        })
    };
    view! {
        <div class="code" data-testid="code">
            <div class="code-host" node_ref=host></div>
            {plain}
            {move || {
                failure
                    .get()
                    .map(|message| {
                        view! {
                            <p class="empty down">
                                {format!("The editor could not be loaded ({message}); reload the page to try again.")}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

fn mount(
    host: &web_sys::HtmlElement,
    text: &str,
    label: &str,
    editing: Option<&Editing>,
) -> Result<Mounted, JsValue> {
    let options = js_sys::Object::new();
    let set = |key: &str, value: &JsValue| js_sys::Reflect::set(&options, &key.into(), value);
    set("text", &text.into())?;
    set("label", &label.into())?;
    set("isReadOnly", &editing.is_none().into())?;
    let (changed, run) = (
        editing.map(|editing| editing.on_change),
        editing.map(|editing| editing.on_run),
    );
    let on_change = Closure::<dyn Fn(String)>::new(move |text| {
        if let Some(changed) = changed {
            changed.run(text);
        }
    });
    let on_run = Closure::<dyn Fn()>::new(move || {
        if let Some(run) = run {
            run.run(());
        }
    });
    if let Some(editing) = editing {
        let names = js_sys::Array::new();
        for name in &editing.names {
            let entry = js_sys::Object::new();
            let kind = if name.is_table { "class" } else { "property" };
            js_sys::Reflect::set(&entry, &"label".into(), &name.label.as_str().into())?;
            js_sys::Reflect::set(&entry, &"type".into(), &kind.into())?;
            js_sys::Reflect::set(&entry, &"detail".into(), &name.detail.as_str().into())?;
            names.push(&entry);
        }
        set("names", &names)?;
        set("onChange", on_change.as_ref())?;
        set("onRun", on_run.as_ref())?;
    }
    Ok(Mounted {
        editor: create(host, &options)?,
        _on_change: on_change,
        _on_run: on_run,
    })
}

fn message_of(error: &JsValue) -> String {
    error
        .as_string()
        .or_else(|| js_sys::Error::from(error.clone()).message().as_string())
        .unwrap_or_default()
}
