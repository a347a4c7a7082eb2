/**
 * The page's script: fetches the page again every few seconds and takes over what changed, so that
 * focus, opened rows and selections stay. It rests while nobody looks. The page comes escaped from
 * the program and is parsed without running anything in it.
 */
export const SCRIPT = `"use strict";
(() => {
  const EVERY = 5000;
  const freshness = document.getElementById("freshness");
  const pause = document.getElementById("pause");
  const live = freshness.parentElement;
  let paused = false;
  let timer = 0;
  let busy = false;

  const key = (node) => node.nodeType === 1 ? node.id || node.dataset.key || "" : "";
  const same = (a, b) => a.nodeName === b.nodeName && key(a) === key(b);

  function takeOver(from, to) {
    if (from.nodeType !== 1) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    for (const { name } of [...from.attributes]) {
      if (name !== "open" && !to.hasAttribute(name)) from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    let next = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const name = key(wanted);
      let found = next;
      if (name !== "") {
        while (found !== null && !same(found, wanted)) found = found.nextSibling;
      } else if (found !== null && !same(found, wanted)) found = null;
      if (found === null) {
        from.insertBefore(document.importNode(wanted, true), next);
        continue;
      }
      while (next !== found) {
        const gone = next;
        next = next.nextSibling;
        gone.remove();
      }
      takeOver(found, wanted);
      next = found.nextSibling;
    }
    while (next !== null) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  }

  function say(text, lost) {
    if (freshness.textContent !== text) freshness.textContent = text;
    live.classList.toggle("lost", lost);
  }

  const clock = () => new Date().toLocaleTimeString();

  async function refresh() {
    if (busy) return;
    busy = true;
    try {
      const signal = AbortSignal.timeout(EVERY * 2);
      const answer = await fetch("./", { signal, headers: { accept: "text/html" } });
      if (answer.status === 401) return say("Signed out: load the page again", true);
      if (!answer.ok) return say("Answers " + answer.status + " since " + clock(), true);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("status");
      if (fresh === null) return say("Another page answers: load it again", true);
      takeOver(document.getElementById("status"), fresh);
      document.title = page.title;
      say("Live, " + clock(), false);
    } catch {
      if (!live.classList.contains("lost")) say("No answer since " + clock(), true);
    } finally {
      busy = false;
    }
  }

  function wake() {
    clearInterval(timer);
    if (paused || document.hidden) return;
    timer = setInterval(refresh, EVERY);
    refresh();
  }

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    if (paused) say("Paused, " + clock(), false);
    wake();
  });
  document.addEventListener("visibilitychange", wake);
  wake();
})();
`;
