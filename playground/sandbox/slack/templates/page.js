// What the page gains by a script: forms open where they are, what others do appears by itself, and what is typed stays.
"use strict";
document.documentElement.classList.add("scripted");

const part = id => document.getElementById(id);

// nameOf is a field's name, "" of what nobody fills in: buttons, files, and what only says where a form belongs.
function nameOf(e) {
  if (e.dataset.suggest) return "suggest " + e.dataset.suggest;
  return e.type === "file" || e.type === "submit" || e.type === "hidden" && !e.name.includes("\u241f") ? "" : e.name;
}

// typed is what stands in a form, so that it can be put back into another drawing of it.
function typed(form) {
  const kept = new Map();
  for (const e of form.elements) {
    const name = nameOf(e);
    if (!name) continue;
    if (e.type === "checkbox" || e.type === "radio") kept.set(name + " " + e.value, e.checked);
    else if (e.multiple) kept.set(name, [...e.selectedOptions].map(o => o.value));
    else kept.set(name, e.value);
  }
  return kept;
}

function putBack(form, kept) {
  for (const e of form.elements) {
    const name = nameOf(e);
    if (e.type === "checkbox" || e.type === "radio") {
      if (kept.has(name + " " + e.value)) e.checked = kept.get(name + " " + e.value);
    } else if (name && kept.has(name)) {
      if (e.multiple) for (const o of e.options) o.selected = kept.get(name).includes(o.value);
      else e.value = kept.get(name);
    }
  }
}

// show puts the parts of another drawing of the page in the place of those that differ.
function show(html, also = []) {
  const next = new DOMParser().parseFromString(html, "text/html").getElementById("slack");
  if (!next) return;
  const slack = part("slack"), focus = document.activeElement, at = focus && focus.id;
  const cursor = focus && "selectionStart" in focus && focus.type !== "file" ? [focus.selectionStart, focus.selectionEnd] : null;
  slack.className = next.className;
  for (const id of [...parts, ...also]) swap(slack, next, id);
  const again = at && part(at);
  if (again && again !== document.activeElement) {
    again.focus({ preventScroll: true });
    if (cursor && cursor[0] !== null) try { again.setSelectionRange(...cursor); } catch { /* a field without a cursor */ }
  }
  lift();
}

// The parts of the page, and how the server drew each last.
const parts = ["top", "side", "bar", "scroll", "composer", "thread", "modal"];
const drawnAs = new Map([...parts, "notice"].map(id => [id, part(id)?.outerHTML ?? ""]));

function swap(slack, next, id) {
  const now = part(id), then = next.querySelector("#" + id);
  const html = then ? then.outerHTML : "";
  if (drawnAs.get(id) === html) return;
  drawnAs.set(id, html);
  if (!then) return now && now.remove();
  if (!now) return (id === "composer" ? part("feed") : id === "thread" ? part("stage") : slack).append(then);
  const scroll = [...now.querySelectorAll(".scroll"), ...(now.matches(".scroll") ? [now] : [])][0];
  const top = scroll && scroll.scrollTop, low = scroll && scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop < 40;
  const open = [...now.querySelectorAll("details[open]")].map(d => d.id);
  const same = now.dataset.view === then.dataset.view, kept = new Map([...now.querySelectorAll("form[id]"), ...(now.matches("form") ? [now] : [])].map(f => [f.id, typed(f)]));
  const quiet = id === "modal" && now.open;
  now.replaceWith(then);
  if (quiet) then.removeAttribute("open");
  for (const d of open) part(d)?.setAttribute("open", "");
  if (same) for (const [form, words] of kept) if (part(form)) putBack(part(form), words);
  const after = then.matches(".scroll") ? then : then.querySelector(".scroll");
  if (after) after.scrollTop = low && id !== "modal" ? after.scrollHeight : same ? top : 0;
}

// lift makes the open form a real dialog: the rest is out of reach, and the focus stays in it.
function lift() {
  const modal = part("modal");
  if (!modal || modal.matches(":modal")) return;
  const wrong = modal.querySelector("[aria-invalid=true], .wrong input");
  const at = modal.contains(document.activeElement) ? document.activeElement.id : "";
  modal.removeAttribute("open");
  modal.showModal();
  (part(at) || wrong || modal.querySelector("input:not([type=hidden]), textarea, select, .foot .primary"))?.focus();
  modal.addEventListener("cancel", e => { e.preventDefault(); send(part("modal-form"), "/slack/close"); });
}

// send sends a form and shows what came of it.
async function send(form, action, press) {
  const data = new FormData(form);
  if (press) data.set("press", press);
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(action, { method: "POST", body: form.enctype === "multipart/form-data" ? data : new URLSearchParams(data) });
    const to = new URL(answer.url);
    const html = await answer.text();
    if (form.classList.contains("composer") && !to.searchParams.get("failed")) form.reset();
    show(html, ["notice"]);
    const at = part("scroll");
    if (form.id === "composer") at.scrollTop = at.scrollHeight;
    to.searchParams.delete("notice");
    to.searchParams.delete("failed");
    if (to.search !== location.search) { history.pushState(null, "", to); listen(); }
  } finally {
    document.body.removeAttribute("aria-busy");
  }
}

// asked asks what an app wants to be asked before a press counts.
function asked(e) {
  const { title, text, confirm, deny } = e.dataset, ask = part("ask");
  if (!title) return Promise.resolve(true);
  ask.querySelector("h2").textContent = title;
  ask.querySelector("p").textContent = text;
  const [no, yes] = ask.querySelectorAll("button");
  no.textContent = deny;
  yes.textContent = confirm;
  ask.showModal();
  return new Promise(done => {
    const end = said => () => { ask.close(); done(said); };
    no.onclick = end(false);
    yes.onclick = end(true);
    ask.oncancel = () => done(false);
  });
}

document.addEventListener("submit", async e => {
  const by = e.submitter, action = (by && by.getAttribute("formaction")) || e.target.getAttribute("action");
  if (e.target.method !== "post") return;
  e.preventDefault();
  if (by && !await asked(by)) return;
  by?.closest("details")?.removeAttribute("open");
  send(e.target, action, by && by.name === "press" ? by.value : "");
});

document.addEventListener("change", async e => {
  const field = e.target;
  if ("go" in field.dataset) return field.form.submit();
  if ("keep" in field.dataset) return send(field.form, "/slack/keep");
  if (field.dataset.suggest) return pick(field);
  if (field.dataset.press && field.value !== "" && await asked(field)) send(field.form, "/slack/press", field.dataset.press);
});

document.addEventListener("click", e => {
  const link = e.target.closest("a[data-press]");
  if (link) send(link.closest("form"), "/slack/press", link.dataset.press);
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(e.target)) open.removeAttribute("open");
});

// What the app knows while somebody types, and what they pick of it.
const offered = new Map();

document.addEventListener("input", async e => {
  const field = e.target, name = field.dataset.suggest;
  if (!name || offered.get(name)?.has(field.value) || field.value.length < Number(field.dataset.least)) return;
  const form = new FormData(field.form), [block_id, action_id] = name.split("\u241f"), value = field.value;
  const answer = await fetch("/sandbox/slack/suggest", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({
    user: form.get("user"), channel: form.get("message_channel") || "", ts: form.get("ts") || "", view_id: form.get("view_id") || "", block_id, action_id, value,
  }) });
  if (!answer.ok || field.value !== value) return;
  const said = JSON.parse((await answer.json()).body || "{}"), all = said.options || (said.option_groups || []).flatMap(g => g.options);
  offered.set(name, new Map(all.map(o => [o.text.text, o.value])));
  part(field.getAttribute("list")).replaceChildren(...all.map(o => Object.assign(document.createElement("option"), { value: o.text.text })));
});

function pick(field) {
  const value = offered.get(field.dataset.suggest)?.get(field.value), hidden = field.nextElementSibling;
  hidden.value = value ? value + "\u241f" + field.value : "";
  if (value && field.dataset.press) send(field.form, "/slack/press", field.dataset.press);
}

// What others do.
let heard;

function listen() {
  heard?.close();
  heard = new EventSource("/slack/live" + location.search);
  heard.onmessage = async () => {
    const answer = await fetch(location.pathname + location.search);
    if (answer.ok) show(await answer.text());
  };
}

for (const id of ["scroll", "thread-scroll"]) {
  const at = part(id);
  if (at && !location.hash) at.scrollTop = at.scrollHeight;
}
addEventListener("popstate", () => location.reload());
addEventListener("pagehide", () => heard?.close());
lift();
listen();
