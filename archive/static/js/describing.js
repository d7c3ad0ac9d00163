/* The pen works without this file. With it: save, and save and next, without leaving the keys. */
"use strict";

const written = document.querySelector("form[data-keys]");
if (written) {
  for (const hint of document.querySelectorAll("[data-with-script]")) hint.hidden = false;
  written.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const button = written.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    written.requestSubmit(button);
  });
}

/* After a step in the order the same button has the focus, so that it can be pressed again. */
const shifted = document.querySelector(".order .is-moved");
if (shifted) {
  const step = new URLSearchParams(location.search).get("step") || "";
  const same = shifted.querySelector(`button[value="${CSS.escape(step)}"]:not(:disabled)`);
  (same || shifted.querySelector("button:not(:disabled)"))?.focus();
}
