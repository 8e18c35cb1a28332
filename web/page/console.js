// What the console can do beside: keys, pages that stay current, and times in the reader's zone. Without it every page works, reloaded by hand.
(() => {
  // Where this browser's clock stands: pages tell times in its zone, from the next one on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `rapport_zone=${zone}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;

  const typing = (e) => e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let at = -1;
  // What is chosen has the focus, so that Enter and Tab go on from it, and whoever hears the page is told.
  const choose = (to) => {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, to));
    (all[at].querySelector("a[href]") ?? all[at].querySelector("button, summary"))?.focus();
    all[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (typing(e)) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    if (e.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (field) { field.focus(); field.select(); e.preventDefault(); }
    } else if (e.key === "j") choose(at + 1);
    else if (e.key === "k") choose(at - 1);
    else if (e.key === " " && e.target.closest("[data-row]") && !e.target.closest("button, summary, input")) {
      const box = e.target.closest("[data-row]").querySelector("input[form=many]");
      if (box) { box.click(); e.preventDefault(); }
    }
  });

  // How many of a list are ticked; the box of all ticks all that are shown.
  const boxes = () => [...document.querySelectorAll("input[form=many]")];
  const count = () => {
    const all = document.querySelector("#many [name=all]"), ticked = boxes().filter((b) => b.checked).length;
    if (!all) return;
    all.checked = ticked > 0 && ticked === boxes().length;
    document.getElementById("chosen").textContent = `${ticked} chosen`;
  };
  document.addEventListener("change", (e) => {
    if (e.target.matches("#many [name=all]")) boxes().forEach((b) => { b.checked = e.target.checked; });
    if (e.target.matches("#many [name=all], [form=many]")) count();
  });
  addEventListener("pageshow", count);

  // A page that somebody is typing on, or has opened a form of, is never changed below their hands: it only says that there is news.
  const busy = () => document.querySelector("details.deed[open]") || document.activeElement?.closest("main form") || [...document.querySelectorAll("main textarea, main form input:not([type=hidden])")].some((f) => f.value !== f.defaultValue) || boxes().some((b) => b.checked);
  const live = document.querySelector("main[data-live]");
  if (!live || !window.EventSource) return;
  let stamp = live.dataset.live;
  const source = new EventSource("/live");
  source.onmessage = async (e) => {
    if (e.data === stamp) return;
    if (busy()) { document.getElementById("news")?.removeAttribute("hidden"); return; }
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (!fresh || busy()) return;
    const open = [...document.querySelectorAll("main details[open][id]")].map((d) => d.id);
    const held = document.activeElement;
    document.querySelector("main").replaceChildren(...fresh.childNodes);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    stamp = e.data;
    if (!held.isConnected) [...document.querySelectorAll("main :is(a[href], button, summary)")].find((one) => one.isEqualNode(held))?.focus();
  };
  addEventListener("pagehide", () => source.close());
})();
