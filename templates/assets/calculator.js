// The cost calculator. It reads the published rates and keeps every choice in the address.
const form = document.querySelector("[data-calculator]");
const field = (name) => form.elements[name];
const number = (name) => Math.max(0, Number(field(name)?.value) || 0);

const [names, values, things] = ["names", "values", "things"].map(given);
const title = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const read = (name) => name.replaceAll(".", " ").replaceAll("-", " ");
const meterName = (meter) => title(names[meter] ?? read(meter));
const valueName = (value) => values[value] ?? value;
const many = (thing) => things[thing]?.other ?? things[thing] ?? `${thing}s`;

const money = (value, currency) => {
  const small = value > 0 && value < 1;
  return new Intl.NumberFormat(lang, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    ...(small ? { maximumSignificantDigits: 3 } : {}),
  }).format(value);
};

const option = (value, text) => new Option(text, value);
const isPlain = (rate) => Object.keys(rate.conditions).every((key) => key === "tier");
const byImage = (rate) => rate.conditions.size || rate.conditions.quality;
const imageKey = (rate) => `${rate.conditions.quality ?? ""} ${rate.conditions.size ?? ""}`.trim();
const imageName = (rate) =>
  [rate.conditions.quality, rate.conditions.size]
    .filter(Boolean)
    .map((value) => valueName(value).replace(/(\d) ?x ?(?=\d)/g, "$1 × "))
    .join(" ");
const inTier = (tier) => (rate) => (rate.conditions.tier ?? "") === tier;

const defaults = { "text.input": 150, "image.input": 0, "image.output": 1200, "text.output": 0 };

const start = (rates, asked) => {
  const mine = () => rates.filter((rate) => rate.product === field("product").value);
  const plain = () => mine().filter(isPlain).filter(inTier(field("tier").value));
  const whole = () => plain().filter((rate) => !rate.meter.endsWith(".cached"));
  const images = () => mine().filter(byImage);

  const chooseTier = () => {
    const order = ["", "standard", "batch", "flex", "priority"];
    const tiers = [...new Set(mine().filter(isPlain).map((rate) => rate.conditions.tier ?? ""))];
    tiers.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    field("tier").replaceChildren(...tiers.map((tier) => option(tier, tier ? title(values[tier] ?? read(tier)) : say("only_price"))));
    const list = [option("", say("tokens_used")), ...images().map((r) => option(imageKey(r), imageName(r)))];
    field("image").replaceChildren(...list);
    form.querySelector("[data-by-image]").hidden = list.length === 1;
  };

  const chooseMeters = (first = false) => {
    const box = form.querySelector("[data-meters]");
    const before = new Map([...box.querySelectorAll("input")].map((i) => [i.name, i.value]));
    box.querySelectorAll(".field").forEach((old) => old.remove());
    for (const rate of whole()) {
      const line = document.createElement("p");
      line.className = "field";
      const label = document.createElement("label");
      const input = document.createElement("input");
      const thing = rate.unit_thing;
      input.name = rate.meter;
      input.id = `c-${rate.meter}`;
      Object.assign(input, { type: "number", min: "0", step: "any", inputMode: "decimal" });
      const linked = first ? asked.get(rate.meter) : null;
      input.value = linked ?? before.get(rate.meter) ?? defaults[rate.meter] ?? 0;
      label.htmlFor = input.id;
      const each = rate.meter.endsWith("output") ? "field_output" : "field_request";
      label.textContent = say(each, { meter: meterName(rate.meter), things: many(thing) });
      line.append(label, input);
      box.append(line);
    }
  };

  const reckon = () => {
    const cached = Math.min(100, number("cached")) / 100;
    const outputs = Math.max(1, number("outputs"));
    const accepted = Math.min(100, Math.max(1, number("accepted"))) / 100;
    const image = images().find((rate) => imageKey(rate) === field("image").value);
    const all = plain();
    const currency = all[0]?.currency ?? "USD";
    const parts = [];
    for (const rate of whole()) {
      const isOutput = rate.meter.endsWith("output");
      if (image && rate.meter === image.meter) continue;
      const count = number(rate.meter) * (isOutput ? outputs : 1);
      const one = Number(rate.amount) / Number(rate.unit_count);
      const lower = all.find((other) => other.meter === `${rate.meter}.cached`);
      const share = lower ? cached : 0;
      const cheap = lower ? Number(lower.amount) / Number(lower.unit_count) : 0;
      parts.push([meterName(rate.meter), count * ((1 - share) * one + share * cheap)]);
    }
    if (image) parts.push([say("part", { meter: meterName(image.meter), image: imageName(image) }), Number(image.amount) * outputs]);
    const request = parts.reduce((sum, [, cost]) => sum + cost, 0);
    return { parts, currency, request, month: request * number("requests"), accepted: request / (outputs * accepted) };
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
    for (const [name, cost] of result.parts) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      const cell = row.insertCell();
      cell.className = "number";
      cell.textContent = money(cost, result.currency);
    }
    form.querySelector("[data-parts]").replaceChildren(table);
    const address = `?${new URLSearchParams(new FormData(form))}`;
    form.querySelector("[data-link]").href = address;
    history.replaceState(null, "", address);
  };

  const put = (name) => {
    if (asked.has(name)) field(name).value = asked.get(name);
    if (field(name).tagName === "SELECT" && field(name).selectedIndex < 0) field(name).selectedIndex = 0;
  };
  put("product");
  chooseTier();
  for (const name of ["tier", "image", "requests", "outputs", "cached", "accepted"]) put(name);
  chooseMeters(true);
  form.addEventListener("input", (event) => {
    if (event.target.name === "product") chooseTier();
    if (["product", "tier"].includes(event.target.name)) chooseMeters();
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

if (form) {
  const asked = new URLSearchParams(location.search);
  fetch(form.dataset.rates)
    .then((answer) => answer.json())
    .then(({ rates }) => start(rates, asked))
    .catch(() => {
      form.textContent = say("not_loaded");
    });
}
