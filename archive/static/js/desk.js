/* The desk works without this file. With it: a second thought before what cannot be undone,
   one press is one press, and a page that watches slow work looks again by itself. */
"use strict";

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // a script of the page's own sends it
  const form = event.target;
  const question = form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  for (const button of form.querySelectorAll("button[type=submit]")) {
    window.setTimeout(() => { button.disabled = true; }, 0);
  }
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[type=submit][disabled]")) {
    button.disabled = false;
  }
});

const watched = document.querySelector("[data-refresh-seconds]");
if (watched) {
  window.setTimeout(() => window.location.reload(), Number(watched.dataset.refreshSeconds) * 1000);
}
