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

/* Another level has another next free code; what a person wrote herself is left alone. */
const level = document.querySelector("select[data-suggested]");
const code = document.getElementById("reference");
if (level && code) {
  const suggested = JSON.parse(level.dataset.suggested);
  level.addEventListener("change", () => {
    if (!code.value || Object.values(suggested).includes(code.value)) code.value = suggested[level.value] || "";
  });
}

/* Whoever writes in a field of many means to change it: its box is ticked, and can be unticked. */
for (const tick of document.querySelectorAll("form[data-ticks] .tick")) {
  const box = tick.querySelector('input[name="use"]');
  tick.addEventListener("input", (event) => {
    if (event.target !== box) box.checked = true;
  });
}
