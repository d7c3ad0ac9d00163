/* Deliveries by keyboard: j and k (or arrows) move, x chooses, a or a number accepts a suggestion,
   ? tells. Everything here is also a link, a box or a button that Tab, Space and Enter reach. */
"use strict";

const rows = [...document.querySelectorAll("[data-keys] [data-row]")].filter(
  (row) => row.querySelector("a, button, input"));
const help = document.querySelector("[data-key-help]");
let at = -1;

function stand(number) {
  if (!rows.length) return;
  rows[at]?.classList.remove("is-here");
  at = Math.min(Math.max(number, 0), rows.length - 1);
  const row = rows[at];
  row.classList.add("is-here");
  (row.querySelector("[data-open]") || row.querySelector("[data-accept]")).focus();
  row.scrollIntoView({ block: "nearest" });
}

function accept(number) {
  const row = rows[rows.length === 1 ? 0 : at];
  row?.querySelectorAll("[data-accept]")[number]?.click();
}

const keys = {
  j: () => stand(at + 1), ArrowDown: () => stand(at + 1),
  k: () => stand(at - 1), ArrowUp: () => stand(at - 1),
  x: () => rows[at]?.querySelector("input[type=checkbox]")?.click(),
  a: () => accept(0),
  o: () => rows[at]?.querySelector("[data-open]")?.click(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const writes = event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable], .table-scroll:focus");
  if (writes) return;
  const deed = keys[event.key] || (/^[1-5]$/.test(event.key) ? () => accept(Number(event.key) - 1) : null);
  if (!deed) return;
  event.preventDefault();
  deed();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  const number = rows.indexOf(row);
  if (number < 0 || number === at) return;
  rows[at]?.classList.remove("is-here");
  at = number;
  row.classList.add("is-here");
});

const hint = document.querySelector("[data-key-hint]");
if (hint && rows.length) hint.hidden = false;
