// Search over the titles, headings and descriptions of every page.
const form = document.querySelector("[data-search]");
const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}.]+/u).filter(Boolean);

// Each page, and each of its headings as something to be found by itself.
const parts = ({ headings = [], ...page }) => [
  page,
  ...headings.map(([anchor, title]) => ({
    ...page,
    path: `${page.path}#${anchor}`,
    title,
    text: page.title,
  })),
];

const weigh = (entry, asked) => {
  const title = entry.title.toLowerCase();
  const text = entry.text.toLowerCase();
  let weight = 0;
  for (const word of asked) {
    if (title.includes(word)) weight += 3;
    else if (text.includes(word)) weight += 1;
    else return 0;
  }
  return weight;
};

const item = (entry, root) => {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = root + entry.path.slice(1);
  link.textContent = entry.title;
  if (entry.language) link.lang = link.hreflang = entry.language;
  const about = document.createElement("p");
  about.textContent = `${entry.kind} · ${entry.text}`;
  line.append(link, about);
  return line;
};

if (form) {
  const { index, root } = form.dataset;
  const results = document.querySelector("[data-results]");
  const found = document.querySelector("[data-found]");
  const everything = document.querySelector("[data-everything]");
  let entries;

  const show = async () => {
    const asked = words(form.elements.q.value);
    everything.hidden = asked.length > 0;
    if (!asked.length) {
      results.replaceChildren();
      found.textContent = "";
      return;
    }
    try {
      entries ??= (await (await fetch(index)).json()).pages.flatMap(parts);
    } catch {
      found.textContent = say("not_loaded");
      everything.hidden = false;
      return;
    }
    const ranked = entries
      .map((entry) => [weigh(entry, asked), entry])
      .filter(([weight]) => weight)
      .sort(([a], [b]) => b - a)
      .slice(0, 30);
    found.textContent = say("results", { count: ranked.length });
    results.replaceChildren(...ranked.map(([, entry]) => item(entry, root)));
  };

  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
    show();
  });
  show();
}
