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
