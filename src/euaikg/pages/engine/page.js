// Answers questions in the page: what is typed becomes terms, the worker answers, and the table takes the place of the
// one that stands there. All is asked of this host alone, and only once somebody asks.
import { Table } from "./table.js";
import { Refused, Values, fill } from "./values.js";

const LIMIT = 20_000; // milliseconds that a query may take once the graph is there
const JSON_FORM = "application/sparql-results+json", MOST = 100, JOINT = "\u00a0";
const root = new URL("..", import.meta.url).href, { lang } = document.documentElement;
const form = document.querySelector("form[data-question], form[data-sparql]"), section = document.getElementById("answer");

let worker, waiting = new Map(), asked = 0, isReady, told, values;

const element = (tag, text = "", attributes = {}) => {
  const made = Object.assign(document.createElement(tag), { textContent: text });
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
};

/** End the worker with all that it was asked; the next question begins a new one. */
const stop = (reason) => {
  worker?.terminate();
  waiting.forEach(({ reject }) => reject(new Refused(reason)));
  [worker, waiting, values] = [undefined, new Map(), undefined];
};

const begin = () => {
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  isReady = new Promise((resolve, reject) => {
    worker.onerror = () => { reject(new Refused(told.words[lang].failed)); stop(told.words[lang].failed); };
    worker.onmessage = ({ data: { id, ready, failed, answer, fault } }) => {
      if (ready) resolve();
      else if (failed) worker.onerror();
      else {
        const { resolve: done, reject: refuse } = waiting.get(id);
        waiting.delete(id);
        if (fault === undefined) done(answer); else refuse(new Refused(fault));
      }
    };
  });
  isReady.catch(() => {});
};

/** Return the answer to a query as text in a format; it is stopped at the limit. */
const run = async (query, format = JSON_FORM) => {
  if (!worker) begin();
  const answer = new Promise((resolve, reject) => { waiting.set(asked += 1, { resolve, reject }); });
  worker.postMessage({ id: asked, query, format });
  await Promise.race([isReady, answer]);
  const limit = setTimeout(() => stop(told.words[lang].too_long.replace("{}", LIMIT / 1000)), LIMIT);
  return answer.finally(() => clearTimeout(limit));
};

const select = async (query) => JSON.parse(await run(prefixed(query))).results.bindings;

/** Return the query with the prefixes of the project that it does not declare, all in its first line. */
const prefixed = (query) => {
  const declared = new Set([...query.matchAll(/\bPREFIX\s+([^\s:]*):/gi)].map(([, name]) => name));
  const added = Object.entries(told.prefixes).filter(([name]) => !declared.has(name) && query.includes(`${name}:`));
  return added.map(([name, space]) => `PREFIX ${name}: <${space}> `).join("") + query;
};

/** Return the address of what speaks of an IRI: a page of ours, or that of others; a statement is at its passage. */
const link = (iri) => {
  const { base } = told, page = (address) => `${root}${lang === "en" ? "" : `${lang}/`}${address}`;
  if (!iri?.startsWith(base)) return /^https?:/.test(iri ?? "") ? iri : "";
  const [path, fragment] = iri.slice(base.length).split("#"), at = fragment ? `#${encodeURIComponent(fragment.split(".")[0])}` : "";
  if (path === "ontology") return page(`ontology.html${at}`);
  if (path.startsWith("shape/")) return page(`rules.html#${path.slice(6)}`);
  if (path.startsWith("query/")) return page(`question/${path.slice(6)}.html`);
  if (path.startsWith("source/")) return page(`${path}.html${at}`);
  return path.startsWith("id/") ? page(`${path}.html`) : "";
};

/** Return the IRI of the passage for each text that names one; a passage that states nothing comes last. */
const cited = async (places) => {
  const found = new Map();
  if (!places.length) return found;
  for (const language of told.languages) {
    const terms = { place: places.map((place) => JSON.stringify(place)), lang: [JSON.stringify(language)] };
    const rows = await select(fill(told.queries.citations, terms)), order = ({ citation, passage }) => `${citation?.value} ${passage.value}`;
    for (const row of rows.sort((a, b) => (order(a) < order(b) ? -1 : 1))) {
      if (!found.has(row.source.value) || row.withoutFact?.value !== "true") found.set(row.source.value, row.passage.value);
    }
  }
  return found;
};

const show = async (query, shown, took) => {
  const { head: { vars }, results: { bindings }, ...rest } = { head: {}, results: {}, ...JSON.parse(await run(query)) };
  const ms = Math.round(performance.now() - took), words = told.words[lang];
  if (!bindings) return section.replaceChildren(element("p", String(rest.boolean), { class: "note" }));
  const parts = [element("p", words.rows.replace("{}", bindings.length).replace("{}", ms), { class: "quiet" })];
  if (!bindings.length) parts.push(element("p", words.nothing, { class: "note" }));
  if (bindings.length > MOST) parts.push(element("p", words.first_of.replace("{}", MOST).replace("{}", bindings.length), { class: "note" }));
  if (bindings.length) parts.push(...await table(vars, bindings.slice(0, MOST), shown));
  return section.replaceChildren(...parts);
};

const table = async (variables, rows, shown) => {
  const undated = {};
  for (const { day, document: one, name } of await select(told.queries.undated)) (undated[day.value] ??= []).push(one.value, name.value);
  const made = new Table(told, variables, rows, shown, lang, undated), { above, columns, places } = made.sheet();
  const links = new Map(), passages = await cited(places);
  const named = variables.filter((one) => variables.includes(`${one}Label`));
  rows.forEach((row) => named.forEach((name) => { if (row[name]?.type === "uri") links.set(made.text(row[`${name}Label`]), link(row[name].value)); }));
  if (!shown.length) rows.forEach((row) => Object.values(row).forEach((term) => { if (term.type === "uri") links.set(made.text(term), link(term.value)); }));
  const to = places.map((place) => link(passages.get(place)));
  const part = (text, href) => (href ? element("a", text, { href }) : text);
  const cell = ({ cells, title, right, numbered }, at) => {
    const made = element("td", "", { "data-title": title, ...right && { class: "n" } });
    const split = numbered ? cells[at].split(/(\d+)/) : cells[at].replaceAll(JOINT, " ").split("; ");
    split.forEach((text, of) => made.append(...of && !numbered ? ["; "] : [], part(text, numbered ? to[text - 1] : links.get(text))));
    return made;
  };
  const row = (cells) => { const made = element("tr"); made.append(...cells); return made; };
  const [box, whole, head, body] = [element("div", "", { class: "scroll", tabindex: 0, role: "region", "aria-label": told.words[lang].answer }),
    element("table", "", { class: "stacks" }), element("thead"), element("tbody")];
  head.append(row(columns.map(({ title, right }) => element("th", title, { scope: "col", ...right && { class: "n" } }))));
  body.append(...(columns[0]?.cells ?? []).map((_, at) => row(columns.map((column) => cell(column, at)))));
  whole.append(head, body);
  box.append(whole);
  const parts = [...above.map((line) => element("p", line, { class: "quiet" })), box];
  if (places.length) {
    const details = element("details", "", { class: "panel", open: "" }), list = element("ol", "", { class: "sources" });
    list.append(...places.map((place, at) => { const item = element("li"); item.append(part(place, to[at])); return item; }));
    details.append(element("summary", told.words[lang].sources), list);
    parts.push(details);
  }
  return parts;
};

/** Let the links to files with the answer give this one. */
const offer = (query) => document.querySelectorAll('a[href*="answers/"]').forEach((chip) => {
  const name = chip.textContent.toLowerCase();
  chip.onclick = async (event) => {
    event.preventDefault();
    const file = new Blob([await run(query, name === "csv" ? "text/csv" : JSON_FORM)]), address = URL.createObjectURL(file);
    element("a", "", { href: address, download: `${form.dataset.question}.${name}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
});

const question = async (given) => {
  const { text, shown, parameters } = told.questions[form.dataset.question], terms = {};
  values ??= new Values(select, told, told.words[lang]);
  for (const [name, parameter] of Object.entries(parameters)) {
    const texts = given.getAll(name).filter((one) => one.trim());
    if (name === "lang" && !texts.length) texts.push(lang);
    if (name === "asOf" && !texts.length) texts.push(...given.getAll("as-of").filter(Boolean));
    if (texts.length) terms[name] = await values.terms(name, parameter, texts);
  }
  const query = fill(text, terms), said = document.querySelector("details pre code");
  if (said) said.textContent = query;
  offer(query);
  if (/^\s*(?:#.*\n|PREFIX .*\n|\s)*(CONSTRUCT|DESCRIBE)\b/i.test(text)) return triples(query);
  return show(query, shown, performance.now());
};

const triples = async (query) => section.replaceChildren(element("pre", await run(query, "text/turtle"), { tabindex: 0 }));

const sparql = (given) => {
  const query = prefixed(given.get("query") ?? ""), words = query.replace(/<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#.*/g, " ");
  const [kind] = words.match(/\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i) ?? ["SELECT"];
  return /CONSTRUCT|DESCRIBE/i.test(kind) ? triples(query) : show(query, [], performance.now());
};

/** Answer with the values given, and say what goes on; a button stops it. */
const answer = async (given) => {
  section.setAttribute("aria-busy", "true");
  if (!told) {
    const file = await fetch(new URL("questions.json", import.meta.url));
    if (!file.ok) throw new Error(`${file.url}: ${file.status}`);
    told = await file.json();
  }
  const words = told.words[lang], button = element("button", words.stop, { type: "button" }), busy = element("p", `${words.asking} `, { class: "note" });
  if (waiting.size) stop(words.stopped);
  button.onclick = () => stop(words.stopped);
  busy.append(button);
  section.replaceChildren(busy);
  try {
    await (form.dataset.question ? question(given) : sparql(given));
  } catch (fault) {
    if (busy.isConnected) section.replaceChildren(element("p", fault.message, { class: "note", role: "alert" }));
  } finally {
    if (!busy.isConnected) section.removeAttribute("aria-busy");
  }
};

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    history.pushState(null, "", `${location.pathname}?${given}`);
    answer(given);
  });
  const typed = () => {
    const given = new URLSearchParams(location.search);
    for (const [name, value] of given) if (form.elements[name]) form.elements[name].value = value;
    if ([...given.keys()].some((name) => form.elements[name] || name === "as-of")) answer(given);
  };
  addEventListener("popstate", typed);
  typed();
}
