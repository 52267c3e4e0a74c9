// The cost calculator. It reckons with the site's prices as `reckoning.py` does, and keeps every
// choice in the address.
const form = document.querySelector("[data-calculator]");
const field = (name) => form.elements[name];
const number = (name) => Math.max(0, Number(field(name)?.value) || 0);

const money = (value, currency) => {
  const small = value > 0 && value < 1; // three figures that count, and never less than cents
  return new Intl.NumberFormat(lang, {
    ...(currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {}),
    ...(small ? { minimumFractionDigits: 2, maximumFractionDigits: Math.min(20, 2 - Math.floor(Math.log10(value))) } : {}),
  }).format(value);
};
const counted = (value) => new Intl.NumberFormat(lang, { maximumFractionDigits: 6 }).format(value);
const option = (value, text) => new Option(text, value);

// ── What use costs ──────────────────────────────────────────────────────────────────────────────

const within = (amount, { minimum, cap }) =>
  Math.min(Math.max(amount, Number(minimum ?? 0)), cap === undefined ? Infinity : Number(cap));

// What one use counts as: at least so much, in whole steps.
const metered = (line, use) => {
  const lifted = use > 0 ? Math.max(use, line.least ?? 0) : use;
  return line.step ? Math.ceil(lifted / line.step - 1e-9) * line.step : lifted;
};

// The parts of a use: how much of it at which step's price.
const stepped = (line, quantity) => {
  if (line.graduated) {
    return line.steps
      .map(([start, end, ...step]) => [Math.max(0, Math.min(quantity, end ?? Infinity) - start), ...step])
      .filter(([count]) => count > 0);
  }
  const at = line.steps.find(([, end]) => end === null || quantity <= end) ?? line.steps.at(-1);
  return quantity > at[0] || !at[0] ? [[quantity, ...at.slice(2)]] : [];
};

// What so many things cost, and how that was reckoned, in words.
const charge = (line, quantity, value) => {
  if (quantity <= 0) return { cost: 0, how: [] };
  if (line.way === "fee") {
    const one = (Number(line.percent ?? 0) / 100) * value + Number(line.fixed ?? 0);
    const price = line.steps[0][3];
    const how = [say("fee", { count: counted(quantity), price, value: money(value, line.currency) })];
    return bounded(line, one, how, quantity);
  }
  const parts = stepped(line, Math.max(0, quantity - (line.included ?? 0)));
  const how = parts.map(([count, , price]) => say("at", { count: counted(count), price }));
  if (line.included) how.unshift(say("included", { count: counted(Math.min(quantity, line.included)) }));
  return bounded(line, parts.reduce((sum, [count, each]) => sum + count * each, 0), how, 1);
};

const bounded = (line, amount, how, times) => {
  const one = within(amount, line);
  if (one > amount) how.push(say("least", { amount: money(one, line.currency) }));
  if (one < amount) how.push(say("most", { amount: money(one, line.currency) }));
  return { cost: one * times, how };
};

// ── The form ────────────────────────────────────────────────────────────────────────────────────

const start = (products, asked) => {
  const mine = () => products.find((product) => product.id === field("product").value) ?? products[0];
  const all = () => mine().lines.filter((line) => line.tier === field("tier").value);
  const whole = () => all().filter((line) => !line.meter.endsWith(".cached"));

  const chooseProduct = () => {
    const { tiers, images, multipliers, lines } = mine();
    field("tier").replaceChildren(...tiers.map(({ id, name }) => option(id, name || say("only_price"))));
    field("image").replaceChildren(option("", say("tokens_used")), ...images.map(({ key, name }) => option(key, name)));
    field("times").replaceChildren(option("", "× 1"), ...multipliers.map(({ name }, at) => option(String(at + 1), name)));
    form.querySelector("[data-by-image]").hidden = !images.length;
    form.querySelector("[data-multiplied]").hidden = !multipliers.length;
    form.querySelector("[data-fees]").hidden = !lines.some((line) => line.way === "fee");
    form.querySelector("[data-cached]").hidden = !lines.some(({ meter }) => meter.endsWith(".cached"));
    const outputs = images.length || lines.some(({ meter }) => meter.endsWith("output"));
    form.querySelectorAll("[data-outputs]").forEach((one) => {
      one.hidden = !outputs;
    });
  };

  const chooseLines = (first = false) => {
    const box = form.querySelector("[data-meters]");
    const before = new Map([...box.querySelectorAll("input")].map((i) => [i.name, i.value]));
    box.querySelectorAll(".field").forEach((old) => old.remove());
    for (const line of whole()) {
      const row = document.createElement("p");
      row.className = "field";
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.name = line.key;
      input.id = `c-${line.key}`;
      Object.assign(input, { type: "number", min: "0", step: "any", inputMode: "decimal" });
      const linked = first ? asked.get(line.key) : null;
      input.value = linked ?? before.get(line.key) ?? line.value;
      label.htmlFor = input.id;
      label.textContent = line.label;
      row.append(label, input);
      box.append(row);
    }
  };

  // What so much of each request comes to in a month of so many requests.
  const used = (line, use, requests) => {
    const value = number("of");
    const each = metered(line, use);
    if (!line.by_request) return charge(line, each * requests, value);
    const one = charge(line, each, value);
    return { cost: one.cost * requests, how: one.how };
  };

  const reckon = () => {
    const share = Math.min(100, number("cached")) / 100;
    const outputs = Math.max(1, number("outputs"));
    const accepted = Math.min(100, Math.max(1, number("accepted"))) / 100;
    const requests = number("requests");
    const months = Math.max(1, requests); // what one request costs is known without any, too
    const factor = Number(mine().multipliers[number("times") - 1]?.factor ?? 1);
    const image = mine().images.find(({ key }) => key === field("image").value);
    const parts = [];
    let use = 0;
    for (const line of whole()) {
      if (image && line.meter === image.meter && line.way === "use") continue;
      const each = number(line.key) * (line.meter.endsWith("output") ? outputs : 1);
      if (line.way === "recurring" || line.way === "once") {
        const { cost, how } = charge(line, each);
        if (line.months) how.push(say("per_months", { count: line.months }));
        if (line.unsaid && cost) how.push(say("unsaid"));
        parts.push({ ...line, cost: cost / (line.months ?? 1), how });
        continue;
      }
      const lower = all().find((other) => other.key === line.key.replace(line.meter, `${line.meter}.cached`));
      const some = lower ? [used(line, each * (1 - share), months), used(lower, each * share, months)] : [used(line, each, months)];
      const cost = factor * some.reduce((sum, one) => sum + one.cost, 0);
      const how = some.flatMap((one) => one.how);
      if (factor !== 1 && cost) how.push(say("times", { factor: counted(factor) }));
      if (line.unsaid && cost) how.push(say("unsaid"));
      use += cost;
      parts.push({ ...line, cost, how });
    }
    if (image) {
      const cost = factor * Number(image.each) * outputs * months;
      use += cost;
      parts.push({ name: say("part", { meter: mine().lines.find((line) => line.meter === image.meter)?.name ?? image.meter, image: image.name }), cost, how: [], way: "use", currency: image.currency });
    }
    const request = use / months;
    const fixed = parts.filter(({ way }) => way === "recurring").reduce((sum, { cost }) => sum + cost, 0);
    const known = requests ? parts : parts.map((part) => (part.way === "use" || part.way === "fee" ? { ...part, cost: 0, how: [] } : part));
    const currency = whole().find((line) => line.currency)?.currency ?? "USD";
    return { parts: known, currency, request, month: request * requests + fixed, accepted: request / (outputs * accepted) };
  };

  // The sum in words: what a month costs, of what, and what is paid once.
  const summed = ({ parts, currency, month }) => {
    const told = (some) => some.map(({ name, cost }) => say("some", { name, cost: money(cost, currency) })).join(" + ");
    const [once, rest] = [true, false].map((one) => parts.filter(({ way, cost }) => cost && (way === "once") === one));
    const said = [say("sum", { month: money(month, currency), parts: told(rest) || money(0, currency) })];
    if (once.length) said.push(say("once", { parts: told(once) }));
    return said.join(" ");
  };

  const show = () => {
    const result = reckon();
    for (const name of ["accepted", "request", "month"]) {
      form.querySelector(`[data-result="${name}"]`).textContent = money(result[name], result.currency);
    }
    const table = document.createElement("table");
    table.className = "grid";
    const caption = table.createCaption();
    caption.textContent = say("parts");
    const body = table.createTBody();
    for (const { name, cost, how } of result.parts) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      const note = document.createElement("small");
      note.textContent = how.join("; ") || "–";
      head.append(" ", note);
      row.append(head);
      const cell = row.insertCell();
      cell.className = "number";
      cell.textContent = money(cost, result.currency);
    }
    form.querySelector("[data-parts]").replaceChildren(table);
    form.querySelector("[data-sum]").textContent = summed(result);
    const address = `?${new URLSearchParams(new FormData(form))}`;
    form.querySelector("[data-link]").href = address;
    history.replaceState(null, "", address);
  };

  const put = (name) => {
    if (asked.has(name)) field(name).value = asked.get(name);
    if (field(name).tagName === "SELECT" && field(name).selectedIndex < 0) field(name).selectedIndex = 0;
  };
  put("product");
  chooseProduct();
  for (const name of ["tier", "image", "requests", "outputs", "cached", "accepted", "of", "times"]) put(name);
  chooseLines(true);
  form.addEventListener("input", (event) => {
    if (event.target.name === "product") chooseProduct();
    if (["product", "tier"].includes(event.target.name)) chooseLines();
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

if (form) {
  const asked = new URLSearchParams(location.search);
  fetch(form.dataset.lines)
    .then((answer) => answer.json())
    .then(({ products }) => start(products, asked))
    .catch(() => {
      form.textContent = say("not_loaded");
    });
}
