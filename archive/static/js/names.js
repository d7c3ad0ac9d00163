/* A search field for names works without this file. With it: names that begin to be written are
   offered in the field's own list. */
"use strict";

for (const field of document.querySelectorAll("input[data-names]")) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-names`;
  field.after(list);
  field.setAttribute("list", list.id);
  const kind = field.form.querySelector("select[name=kind]");
  let waiting;
  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      const address = new URL(field.dataset.names, window.location.origin);
      address.searchParams.set("q", field.value);
      if (kind) address.searchParams.set("kind", kind.value);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const names = await answer.json();
      list.replaceChildren(...names.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }));
    }, 200);
  });
}
