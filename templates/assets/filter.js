// The change log's filter: hides what was not asked for, and keeps the choice in the address.
const form = document.querySelector("[data-filter]");

if (form) {
  const entries = [...document.querySelectorAll(".log > li")];
  const count = form.querySelector("[data-count]");
  const asked = new URLSearchParams(location.search);
  for (const select of form.querySelectorAll("select")) {
    select.value = asked.get(select.name) ?? "";
    if (select.selectedIndex < 0) select.value = "";
  }

  const show = () => {
    const { product, kind, source } = form.elements;
    let shown = 0;
    for (const entry of entries) {
      const fits =
        (!product.value || entry.dataset.products.split(" ").includes(product.value)) &&
        (!kind.value || entry.dataset.kind === kind.value) &&
        (!source.value || entry.dataset.source === source.value);
      entry.hidden = !fits;
      shown += fits;
    }
    for (const month of document.querySelectorAll(".month")) {
      month.hidden = !month.querySelector("li:not([hidden])");
    }
    count.textContent = say("shown", { shown, total: entries.length });
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", chosen.size ? `?${chosen}` : location.pathname);
  };

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
