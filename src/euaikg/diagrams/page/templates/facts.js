// What stands out: the thing pointed at, else the one chosen, with its neighbours
let pointed = null, selected = null, lit = [];

function light() {
  const node = pointed || selected;
  for (const box of lit) box.classList.remove("near", "here");
  lit = [];
  if (node) {
    lit.push(node.box);
    for (const line of node.lines) if (line.shown) lit.push(line.box, other(line, node).box);
    for (const box of lit) box.classList.add("near");
  }
  if (selected) { selected.box.classList.add("here"); lit.push(selected.box); }
  picture.classList.toggle("dimmed", Boolean(node));
  hush();
  const named = node ? node.lines.filter((line) => line.shown) : []; // their names stand above everything else
  $("names").replaceChildren(...named.map((line) => line.box.lastChild.cloneNode(true)));
}

function select(node, into = false) {
  selected = node;
  light();
  facts(node);
  if (!node) return;
  reveal(node);
  if (into) panel.focus();
}

// The facts of a thing
function add(parent, tag, text = "", className = "") {
  const made = parent.appendChild(document.createElement(tag));
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function link(parent, text, address) {
  if (!/^https?:\/\//i.test(address)) return add(parent, "span", text);
  const made = add(parent, "a", text);
  Object.assign(made, { href: address, target: "_blank", rel: "noopener noreferrer" });
  return made;
}

function facts(node) {
  panel.replaceChildren();
  panel.hidden = !node;
  if (!node) return;
  const close = add(panel, "button", "×", "close");
  close.type = "button";
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", leave);
  add(panel, "h2", node.label).dir = "auto";
  add(panel, "p", node.kindLabel, "kind");
  for (const note of node.note.split("\n")) if (note) add(panel, "p", note, "note").dir = "auto";
  if (node.date) add(panel, "p", `${words.date}: ${node.date}`, "date");
  if (node.sources.length) add(panel, "p", `${words.noted}: ${node.sources.join("; ")}`, "said");
  const listed = node.lines.filter((line) => line.shown);
  if (!listed.length) add(panel, "p", words.nothing, "said");
  const list = listed.length ? add(panel, "ul") : null;
  for (const line of listed) {
    const item = add(list, "li"), out = line.s === node.at;
    const arrow = add(item, "span", out ? "→ " : "← ");
    arrow.setAttribute("role", "img");
    arrow.setAttribute("aria-label", out ? words.outgoing : words.incoming);
    add(item, "span", line.label + " ").dir = "auto";
    const thing = add(item, "button", other(line, node).label, "thing");
    thing.type = "button";
    thing.dir = "auto";
    thing.addEventListener("click", () => { select(other(line, node), true); });
    for (const edge of line.edges.map((at) => edges[at])) {
      const said = add(item, "span", [edge.note, edge.modality, edge.date].filter(Boolean).join(" · "), "said");
      if (edge.citation && said.textContent) add(said, "span", " · ");
      if (edge.citation) link(said, edge.citation, edge.url);
      else if (edge.url) link(said, edge.url, edge.url);
    }
  }
  const address = add(panel, "p", words.address + ": ", "address");
  link(address, node.iri, node.iri);
  panel.scrollTop = 0;
  panel.parentElement.scrollTop = 0;
}

function leave() {
  const node = selected;
  select(null);
  if (node && (panel.contains(document.activeElement) || document.activeElement === document.body)) focus(node);
}

// Search
let matches = [], step = 0;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
for (const node of nodes) node.words = fold([node.label, node.kindLabel, node.note].join(" "));

function find() {
  const wanted = fold(search.value.trim()).split(/\s+/).filter(Boolean);
  for (const node of matches) node.box.classList.remove("match");
  matches = wanted.length ? byRank.filter((node) => node.shown && wanted.every((word) => node.words.includes(word))) : [];
  const whole = wanted.join(" "), named = (node) => (fold(node.label).startsWith(whole) ? 0 : fold(node.label).includes(whole) ? 1 : 2);
  matches.sort((a, b) => named(a) - named(b));
  for (const node of matches) node.box.classList.add("match");
  step = 0;
  goTo();
  if (!matches.length) $("found").textContent = wanted.length ? words.unfound : "";
  hush();
}

function goTo() {
  if (!matches.length) return;
  const node = matches[step], text = say(words.found, step + 1, matches.length);
  $("found").textContent = text;
  announce(`${text}: ${node.label}`);
  centre(node, Math.max(view.zoom, Math.min(most(), 0.9 / base())));
}

search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && matches.length) {
    event.preventDefault();
    step = (step + (event.shiftKey ? matches.length - 1 : 1)) % matches.length;
    goTo();
  } else if (event.key === "Escape") {
    search.value = "";
    find();
    (matches[0] || selected || byRank[0])?.box.focus({ preventScroll: true });
    event.stopPropagation();
  }
});

// Filters
const boxes = [...document.querySelectorAll("input[data-filter]")];
const off = (what) => new Set(boxes.filter((b) => b.dataset.filter === what && !b.checked).map((b) => b.value));
const kindsOf = (box) => [...box.closest("li").querySelectorAll("input[data-filter=kind]")];
const key = (node) => node.group + " " + node.kind;

function filter() {
  const hidden = new Set();
  for (const box of boxes.filter((b) => b.dataset.filter === "group")) {
    const kinds = kindsOf(box), on = kinds.filter((kind) => kind.checked).length;
    if (kinds.length) Object.assign(box, { checked: on > 0, indeterminate: on > 0 && on < kinds.length });
    for (const kind of kinds.length ? kinds : [box])
      if (!kind.checked) hidden.add(box.value + " " + (kind.dataset.kind ?? kind.value));
  }
  const relations = off("relation"), modalities = off("modality");
  for (const node of nodes) node.shown = !hidden.has(key(node));
  for (const line of lines) {
    line.shown = nodes[line.s].shown && nodes[line.t].shown && !relations.has(line.relation) && !modalities.has(line.modality);
    line.box.classList.toggle("unlit", !line.shown);
    for (const at of line.edges) $("r" + at).classList.toggle("unlit", !line.shown);
  }
  for (const node of nodes) { // a thing all of whose relations are filtered out goes with them
    node.shown = node.shown && (!node.lines.length || node.lines.some((line) => line.shown));
    node.box.classList.toggle("unlit", !node.shown);
  }
  if (selected && !selected.shown) selected = null;
  pointed = null;
  tell();
  select(selected);
  if (search.value) find();
  rove(nodes.find((node) => node.shown && node.box.tabIndex === 0) || byRank.find((node) => node.shown));
}

function tell() {
  const seen = (list) => list.filter((item) => item.shown).length;
  const text = say(words.shown, seen(nodes), nodes.length, seen(lines), lines.length);
  $("shown").textContent = text;
  $("all").hidden = boxes.every((box) => box.checked && !box.indeterminate);
  announce(text);
}

for (const box of boxes) box.addEventListener("change", () => {
  if (box.dataset.filter === "group") for (const kind of kindsOf(box)) kind.checked = box.checked;
  filter();
});
$("all").addEventListener("click", () => {
  for (const box of boxes) Object.assign(box, { checked: true, indeterminate: false });
  filter();
});
