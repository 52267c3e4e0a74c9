// The words that the page's form brings along in its own language, for the scripts after this one.
const lang = document.documentElement.lang || "en";
const given = (name) => JSON.parse(document.querySelector("[data-words]")?.dataset[name] ?? "{}");
const catalogue = given("words");
const plurals = new Intl.PluralRules(lang);

const say = (key, put = {}) => {
  const word = catalogue[key];
  const text = typeof word === "string" ? word : word[plurals.select(put.count)] ?? word.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => put[name]);
};
