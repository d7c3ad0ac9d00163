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
