// The picture is there already; this finds, filters, enlarges it and shows the facts. Labels only ever become text.
const $ = (id) => document.getElementById(id);
const { nodes, lines, edges, words, middle: hub } = JSON.parse($("data").textContent);
const picture = $("picture"), stage = $("stage"), panel = $("panel"), search = $("search");
const say = (text, ...values) => values.reduce((said, value) => said.replace("{}", value), text);
const announce = (text) => { $("status").textContent = text; };
document.documentElement.classList.add("scripted");

const byIri = new Map(nodes.map((node) => [node.iri, Object.assign(node, { boxes: [], lines: [], shown: true })]));
const byKey = new Map(lines.map((line) => [`${line.s} ${line.relation} ${line.t}`, Object.assign(line, { boxes: [], shown: true })]));
for (const line of lines) for (const end of new Set([line.s, line.t])) byIri.get(end).lines.push(line);
const items = [...picture.querySelectorAll("[data-key]")].map((box) => {
  const key = box.dataset.key, members = (box.dataset.members || "").split(" ").filter(Boolean).map((iri) => byIri.get(iri)).filter(Boolean);
  const item = { box, key, members, node: byIri.get(key), line: byKey.get(key), name: box.querySelector("title")?.textContent || key };
  (item.node || item.line)?.boxes.push(box);
  for (const member of members) member.boxes.push(box);
  box.setAttribute("role", "button");
  const name = item.name.replaceAll("\n", ", "), seen = [...box.querySelectorAll("text")].map((text) => text.textContent).join(" ");
  box.setAttribute("aria-label", ` ${name} `.replace(/[,:]/g, " ").includes(` ${seen} `) ? name : `${name}, ${seen}`); // which tells all that is to be seen
  box.setAttribute("tabindex", "-1");
  for (const link of box.querySelectorAll("a")) link.removeAttribute("href");
  return item;
});
picture.setAttribute("role", "group");
picture.setAttribute("tabindex", "-1");
const itemOf = (target) => items.find((item) => item.box === target.closest?.("[data-key]"));
const visible = (item) => !item.box.classList.contains("unlit");

// Larger and smaller: the picture grows in a frame that scrolls
let zoom = 1;
function larger(factor) {
  zoom = Math.min(6, Math.max(0.3, zoom * factor));
  document.documentElement.classList.toggle("whole", factor === 0);
  if (factor === 0) zoom = 1;
  picture.style.setProperty("--zoom", zoom);
}

// The facts of what is chosen, which stands out with what it is related to
let selected = null;
function select(item, into = false) {
  selected = item;
  for (const box of picture.querySelectorAll(".near, .here")) box.classList.remove("near", "here");
  picture.classList.toggle("dimmed", Boolean(item));
  if (item) {
    const near = item.node ? item.node.lines.filter((line) => line.shown) : item.line ? [item.line] : [];
    const boxes = new Set([item.box, ...near.flatMap((line) => [...line.boxes, ...byIri.get(line.s).boxes, ...byIri.get(line.t).boxes])]);
    for (const member of item.members) for (const box of member.boxes) boxes.add(box);
    for (const box of boxes) box.classList.add("near");
    item.box.classList.add("here");
  }
  facts(item);
  if (item && into) panel.focus();
}
function add(parent, tag, text = "", className = "") {
  const made = parent.appendChild(document.createElement(tag));
  made.textContent = text;
  made.dir = "auto";
  if (className) made.className = className;
  return made;
}
function link(parent, text, address) {
  if (!/^https?:\/\//i.test(address)) return add(parent, "span", text);
  return Object.assign(add(parent, "a", text), { href: address, target: "_blank", rel: "noopener noreferrer" });
}
function thing(parent, node) {
  const button = add(parent, "button", node.label, "thing");
  button.type = "button";
  button.addEventListener("click", () => select(items.find((item) => item.node === node) || { box: node.boxes[0] || picture, node, members: [], key: node.iri }, true));
}
function told(parent, line) {
  for (const edge of line.edges.map((at) => edges[at])) {
    const said = add(parent, "span", [edge.note, edge.modality, edge.date].filter(Boolean).join(" · "), "said");
    if (edge.citation && said.textContent) add(said, "span", " · ");
    if (edge.citation || edge.url) link(said, edge.citation || edge.url, edge.url);
  }
}
function facts(item) {
  panel.replaceChildren();
  panel.hidden = !item;
  if (!item) return;
  const close = add(panel, "button", "×", "close");
  close.type = "button";
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", leave);
  const { node, line } = item;
  if (node) {
    add(panel, "h2", node.label);
    add(panel, "p", node.kindLabel, "kind");
    for (const note of node.note.split("\n")) if (note) add(panel, "p", note, "note");
    if (node.date) add(panel, "p", `${words.date}: ${node.date}`, "date");
    if (node.sources.length) add(panel, "p", `${words.noted}: ${node.sources.join("; ")}`, "said");
    const listed = node.lines.filter((one) => one.shown);
    if (!listed.length) add(panel, "p", words.nothing, "said");
    const list = listed.length ? add(panel, "ul") : null;
    for (const one of listed) {
      const entry = add(list, "li"), out = one.s === node.iri, arrow = add(entry, "span", out ? "→ " : "← ");
      arrow.setAttribute("role", "img");
      arrow.setAttribute("aria-label", out ? words.outgoing : words.incoming);
      add(entry, "span", one.label + " ");
      thing(entry, byIri.get(out ? one.t : one.s));
      told(entry, one);
    }
    link(add(panel, "p", words.address + ": ", "address"), node.iri, node.iri);
  } else if (line) {
    add(panel, "h2", `${byIri.get(line.s).label} – ${line.label} – ${byIri.get(line.t).label}`);
    told(panel, line);
    const ends = add(panel, "p");
    for (const end of new Set([line.s, line.t])) thing(ends, byIri.get(end));
  } else {
    add(panel, "h2", item.members.length ? say(words.inside, item.members.length) : item.name);
    const list = add(panel, "ul");
    for (const member of item.members) thing(add(list, "li"), member);
  }
  panel.scrollTop = 0;
}
function leave() {
  const item = selected;
  select(null);
  if (item?.box.focus) focus(item);
}

// Search
let matches = [], step = 0;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
for (const node of nodes) node.words = fold([node.label, node.kindLabel, node.note].join(" "));
function find() {
  const wanted = fold(search.value.trim()).split(/\s+/).filter(Boolean), whole = wanted.join(" ");
  for (const box of picture.querySelectorAll(".match")) box.classList.remove("match");
  const rank = (node) => (fold(node.label).startsWith(whole) ? 0 : fold(node.label).includes(whole) ? 1 : 2);
  matches = wanted.length ? nodes.filter((node) => node.shown && node.boxes.length && wanted.every((word) => node.words.includes(word))) : [];
  matches.sort((a, b) => rank(a) - rank(b));
  for (const node of matches) for (const box of node.boxes) box.classList.add("match");
  step = 0;
  goTo();
  if (!matches.length) $("found").textContent = wanted.length ? words.unfound : "";
}
function goTo() {
  if (!matches.length) return;
  const node = matches[step], text = say(words.found, step + 1, matches.length);
  $("found").textContent = text;
  announce(`${text}: ${node.label}`);
  node.boxes[0].scrollIntoView({ block: "nearest", inline: "center" });
}
search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && matches.length) {
    event.preventDefault();
    step = (step + (event.shiftKey ? matches.length - 1 : 1)) % matches.length;
    goTo();
  } else if (event.key === "Escape") {
    const first = matches[0];
    search.value = "";
    find();
    focus(items.find((item) => item.node && item.node === first) || items.find(visible));
    event.stopPropagation();
  }
});

// Filters
const boxes = [...document.querySelectorAll("input[data-filter]")];
const off = (what) => new Set(boxes.filter((box) => box.dataset.filter === what && !box.checked).map((box) => box.value));
function filter() {
  const groups = off("group"), relations = off("relation"), modalities = off("modality");
  for (const node of nodes) node.shown = !groups.has(node.group);
  for (const line of lines) {
    line.shown = byIri.get(line.s).shown && byIri.get(line.t).shown && !relations.has(line.relation) && !modalities.has(line.modality);
    for (const at of line.edges) $("r" + at).classList.toggle("unlit", !line.shown);
  }
  for (const node of nodes) node.shown = node.shown && (!node.lines.length || node.lines.some((line) => line.shown));
  for (const { box, node, line, members } of items) {
    const shown = members.length ? members.some((member) => member.shown) : (node || line || { shown: true }).shown;
    box.classList.toggle("unlit", !shown);
  }
  $("empty").hidden = nodes.some((node) => node.shown) || !nodes.length;
  if (selected && !visible(selected)) select(null);
  tell();
  if (search.value) find();
  rove(items.find((item) => visible(item) && item.box.tabIndex === 0) || items.find(visible));
}
function tell() {
  const seen = (list) => list.filter((item) => item.shown).length;
  const text = say(words.shown, seen(nodes), nodes.length, seen(lines), lines.length);
  $("shown").textContent = text;
  $("all").hidden = boxes.every((box) => box.checked);
  announce($("empty").hidden ? text : words.empty);
}
function all() {
  for (const box of boxes) box.checked = true;
  filter();
}
for (const box of boxes) box.addEventListener("change", filter);
for (const id of ["all", "again"]) $(id).addEventListener("click", all);

// Pointer and keyboard: one thing or line at a time can be reached by Tab, arrows go to the nearest in their direction
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
function rove(item) {
  for (const each of items) if (each.box.tabIndex === 0) each.box.setAttribute("tabindex", "-1");
  item?.box.setAttribute("tabindex", "0");
}
function focus(item) {
  if (!item) return;
  rove(item);
  item.box.focus({ preventScroll: true });
  item.box.scrollIntoView({ block: "nearest", inline: "nearest" });
}
function middle(item) {
  const box = item.box.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
function nearest(item, [dx, dy]) {
  const [x0, y0] = middle(item);
  let best = null, least = Infinity;
  for (const each of items) {
    if (each === item || !visible(each)) continue;
    const [x1, y1] = middle(each), x = x1 - x0, y = y1 - y0, ahead = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
    if (ahead > 1 && ahead + 2 * aside < least) { best = each; least = ahead + 2 * aside; }
  }
  return best;
}
picture.addEventListener("click", (event) => {
  const item = itemOf(event.target);
  event.preventDefault();
  select(item || null);
  if (item) focus(item);
});
picture.addEventListener("focusin", (event) => {
  const item = itemOf(event.target);
  if (item) { rove(item); announce(item.box.getAttribute("aria-label")); }
});
picture.addEventListener("keydown", (event) => {
  const item = itemOf(event.target);
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) focus(nearest(item, ARROWS[event.key]));
  else if (event.key === "Enter" || event.key === " ") select(item, true);
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { if (selected) leave(); return; }
  if (event.target.closest?.("input[type=search]")) return;
  if (event.key === "/") search.focus();
  else if (event.key === "+" || event.key === "=") larger(1.3);
  else if (event.key === "-") larger(1 / 1.3);
  else if (event.key === "0") larger(0);
  else return;
  event.preventDefault();
});
$("in").addEventListener("click", () => larger(1.3));
$("out").addEventListener("click", () => larger(1 / 1.3));
$("fit").addEventListener("click", () => larger(0));
$("print").addEventListener("click", () => window.print());
$("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.style.colorScheme ? root.style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.style.colorScheme = dark ? "light" : "dark";
});
rove(items[0]);
tell();
const centre = byIri.get(hub)?.boxes[0]?.getBoundingClientRect(); // what all else stands around is to be seen first
if (centre) stage.scrollLeft = centre.left + centre.width / 2 - stage.getBoundingClientRect().left - stage.clientWidth / 2;
