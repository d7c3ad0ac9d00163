/* The public site works without this file. With it: a reference can be copied with one press. */
"use strict";

for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--small no-print";
  button.textContent = place.dataset.copyLabel;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    button.textContent = place.dataset.copiedLabel;
  });
  if (navigator.clipboard) {
    place.append(button);
  }
}

/* Words to go on with, from the published records; the browser's own list shows them. */
for (const box of document.querySelectorAll("form[role=search] input[type=search]")) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-words`;
  box.after(list);
  box.setAttribute("list", list.id);
  let waiting = 0;
  box.addEventListener("input", () => {
    window.clearTimeout(waiting);
    if (box.value.length < 2) { return; }
    waiting = window.setTimeout(async () => {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(box.value)}`);
      if (!answer.ok) { return; }
      const { items } = await answer.json();
      list.replaceChildren(...items.map((word) => Object.assign(
        document.createElement("option"), { value: word })));
    }, 150);
  });
}
