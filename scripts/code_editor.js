// The SQL editor: CodeMirror, bundled by vendor.mjs into one file that defines `codeEditor`.
//
// It lives in a shadow root. There CodeMirror adopts constructed style sheets instead of writing
// <style> elements, which the page's `style-src 'self'` forbids. Colours are the page's tokens.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { SQLDialect, sql } from "@codemirror/lang-sql";
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, MatchDecorator, ViewPlugin, Decoration, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The engine's own words, in dbt's lower case.
const dialect = SQLDialect.define({
    keywords:
        "all and anti any as asc between by case cast cross current desc distinct else end except exists false filter first following full group grouping having ilike in inner intersect interval is join last lateral left like limit natural not null nulls offset on or order outer over partition preceding qualify range recursive right row rows semi select sets similar then ties to true unbounded union using values when where window with within",
    types: "bigint blob boolean char date decimal double float hugeint int integer interval numeric real smallint string text time timestamp tinyint ubigint uinteger varchar",
    builtin:
        "abs avg bool_and bool_or ceil coalesce concat count date_trunc dense_rank exp extract first_value floor greatest lag last_day last_value lead least ln log lower make_date max max_by median min min_by month ntile nullif percentile_cont power rank round row_number sqrt stddev_samp strpos substr sum trim try_cast upper year",
    doubleQuotedStrings: false,
});

const colours = HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword], color: "var(--plum)" },
    { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--slate)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--up-text)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--accent)" },
    { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--muted)", fontStyle: "italic" },
]);

// dbt's templates; CodeMirror's own Jinja mode would bring HTML, CSS and JavaScript with it.
const template = new MatchDecorator({
    regexp: /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g,
    decoration: Decoration.mark({ class: "cm-template" }),
});
const templates = ViewPlugin.fromClass(
    class {
        constructor(view) {
            this.decorations = template.createDeco(view);
        }
        update(update) {
            this.decorations = template.updateDeco(update, this.decorations);
        }
    },
    { decorations: (plugin) => plugin.decorations },
);

const look = EditorView.theme({
    "&": { backgroundColor: "var(--paper-sunk)", color: "var(--ink)", fontSize: "0.8125rem", height: "100%" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
    ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
    ".cm-template, .cm-template span": { color: "var(--down-text)" },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
    ".cm-gutters": { backgroundColor: "var(--paper-sunk)", border: "0", color: "var(--muted)" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
    ".cm-activeLineGutter": { color: "var(--ink)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
        backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent) !important",
    },
    ".cm-matchingBracket, .cm-nonmatchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent)" },
    ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--ochre) 25%, transparent)" },
    ".cm-tooltip": { backgroundColor: "var(--paper-raised)", border: "1px solid var(--rule-strong)", borderRadius: "4px", color: "var(--ink)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { fontFamily: "var(--mono)", padding: "1px 0.5rem" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--paper)" },
    ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: "0.75" },
    ".cm-diagnostic-error": { borderLeft: "3px solid var(--down)", fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--down)", textUnderlineOffset: "3px" },
    ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--down)", borderRadius: "50%", height: "0.5rem", margin: "0.3rem 0.2rem", width: "0.5rem" },
    ".cm-line.cm-error-line": { backgroundColor: "color-mix(in srgb, var(--down) 12%, transparent)" },
    ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)" },
    ".cm-panels-bottom": { borderTop: "1px solid var(--rule)" },
    ".cm-textfield": { backgroundColor: "var(--paper-raised)", border: "1px solid var(--rule-strong)", color: "var(--ink)" },
    ".cm-button": { backgroundColor: "var(--paper)", backgroundImage: "none", border: "1px solid var(--rule-strong)", color: "var(--ink)" },
});

// Typing over a selection: where it holds more than one run of highlighted text, Chromium's own
// editing would keep the look of what it deletes by inline styles, which the policy blocks and reports.
const replacing = EditorView.domEventHandlers({
    beforeinput(event, view) {
        const isTyped = event.inputType === "insertText" && event.data;
        if (!isTyped || view.state.selection.main.empty || view.composing || view.state.readOnly) return false;
        event.preventDefault();
        view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type" });
        return true;
    },
});

/** Names of models behind `ref('`, columns and SQL's own words elsewhere. */
function complete(names) {
    return (context) => {
        const call = context.matchBefore(/(?:ref|source)\(\s*'[\w', ]*/);
        const word = context.matchBefore(/\w+/);
        const of = (kind) => names.filter((name) => name.type === kind);
        if (call) {
            const from = call.from + call.text.lastIndexOf("'") + 1;
            return { from, options: of("class"), validFor: /^\w*$/ };
        }
        if (!word && !context.explicit) return null;
        return { from: word ? word.from : context.pos, options: names, validFor: /^\w*$/ };
    };
}

/**
 * Makes an editor in `host`.
 * options: { text, label, isReadOnly, names: [{label, type, detail}], onChange(text), onRun() }
 */
export function create(host, options) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    root.replaceChildren();
    const run = options.onRun
        ? [Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (options.onRun(), true) }]))]
        : [];
    const editing = options.isReadOnly
        ? [EditorState.readOnly.of(true), EditorView.editable.of(false)]
        : [
              history(),
              closeBrackets(),
              autocompletion({ override: [complete(options.names ?? [])], icons: false }),
              highlightActiveLine(),
              highlightActiveLineGutter(),
              lintGutter(),
              // Tab indents only when a word is being completed or text is selected, so that the
              // keyboard is not trapped; Escape, then Tab always leaves.
              keymap.of([
                  { key: "Tab", run: (view) => acceptCompletion(view) || (!view.state.selection.main.empty && indentMore(view)), shift: (view) => !view.state.selection.main.empty && indentLess(view) },
                  ...closeBracketsKeymap,
                  ...historyKeymap,
                  ...completionKeymap,
                  ...lintKeymap,
              ]),
          ];
    const view = new EditorView({
        root,
        parent: root,
        state: EditorState.create({
            doc: options.text,
            extensions: [
                ...run,
                ...editing,
                lineNumbers(),
                drawSelection(),
                bracketMatching(),
                highlightSelectionMatches(),
                search(),
                sql({ dialect }),
                templates,
                indentUnit.of("    "),
                syntaxHighlighting(colours),
                look,
                keymap.of([...defaultKeymap, ...searchKeymap]),
                replacing,
                // Named as focusable even where editing makes it so: checkers of accessibility look for the attribute.
                EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0", ...(options.isReadOnly ? { role: "textbox", "aria-multiline": "true", "aria-readonly": "true" } : {}) }),
                EditorView.updateListener.of((update) => {
                    if (update.docChanged && options.onChange) options.onChange(update.state.doc.toString());
                }),
            ],
        }),
    });
    return {
        text: () => view.state.doc.toString(),
        setText(text) {
            if (text === view.state.doc.toString()) return;
            view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        },
        /** Marks a fault at a line (from 1), at `token` when the line holds it; none clears. */
        setFault(line, token, message) {
            const faults = [];
            if (line > 0) {
                const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
                const column = token ? at.text.indexOf(token) : -1;
                const indent = at.text.length - at.text.trimStart().length;
                const from = column >= 0 ? at.from + column : at.from + indent;
                const to = column >= 0 ? from + token.length : at.to;
                faults.push({ from, to: Math.max(to, from), severity: "error", message });
                view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "center" }) });
            }
            view.dispatch(setDiagnostics(view.state, faults));
        },
        focus: () => view.focus(),
        destroy: () => view.destroy(),
    };
}
