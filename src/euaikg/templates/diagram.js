"use strict";
// Zoom, search, filters, facts and the keyboard for a diagram that is already drawn. Labels only ever become text.
(() => {
  const $ = (id) => document.getElementById(id);
  const { nodes, lines, edges, words } = JSON.parse($("data").textContent);
  const picture = $("picture"), world = $("world"), panel = $("panel"), search = $("search");
  const [left, top, width, height] = picture.getAttribute("viewBox").split(" ").map(Number);
  const say = (text, ...values) => values.reduce((said, value) => said.replace("{}", value), text);
  const announce = (text) => { $("status").textContent = text; };
  document.documentElement.classList.add("scripted");

  nodes.forEach((node, at) => Object.assign(node, { at, box: $("n" + at), lines: [], shown: true }));
  lines.forEach((line, at) => {
    Object.assign(line, { at, box: $("e" + at), shown: true });
    for (const end of new Set([line.s, line.t])) nodes[end].lines.push(line);
  });
  const byRank = [...nodes].sort((a, b) => b.lines.length - a.lines.length || a.at - b.at);
  const other = (line, node) => nodes[line.s === node.at ? line.t : line.s];

  // The view: the world is scaled by `zoom` and moved by `x`, `y`, all in units of the viewBox. (1, 0, 0) shows it all.
  const view = { zoom: 1, x: 0, y: 0 };
  const base = () => Math.min(picture.clientWidth / width, picture.clientHeight / height) || 1;
  const most = () => Math.max(4, 3 / base());
  let waiting = 0;

  function show(glide = false) {
    picture.classList.toggle("glide", glide);
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`;
    const scale = base() * view.zoom; // pixels of the screen for a unit of the picture
    picture.style.setProperty("--letters", Math.min(16, Math.max(10, 12 * scale)) / 12 / scale);
    picture.style.setProperty("--symbols", Math.min(1.5, Math.max(0.42, scale)) / scale);
    clearTimeout(waiting);
    waiting = setTimeout(hush, nodes.length > 300 ? 90 : 0);
  }

  // Labels that would cover one another or a symbol are left out, like on a map: the best connected things keep theirs.
  function hush() {
    const scale = base() * view.zoom, [letters, symbols] = ["--letters", "--symbols"].map((name) => Number(picture.style.getPropertyValue(name)));
    const cell = 120 * letters, taken = new Map();
    const apart = (a, b) => a[0] >= b[2] || a[2] <= b[0] || a[1] >= b[3] || a[3] <= b[1];
    const cells = (box) => {
      const found = [];
      for (let i = Math.floor(box[0] / cell); i <= box[2] / cell; i++)
        for (let j = Math.floor(box[1] / cell); j <= box[3] / cell; j++) found.push(i + "," + j);
      return found;
    };
    const take = (box, owner) => { for (const key of cells(box)) taken.set(key, [...(taken.get(key) || []), [...box, owner]]); };
    const free = (box, owner) => cells(box).every((key) => (taken.get(key) || []).every((b) => b[4] === owner || apart(box, b)));
    const place = (node) => {
      const wide = node.w * letters, high = (node.h - (node.beside ? 0 : 2 * node.r)) * letters;
      const x = node.beside ? node.x : node.x - wide / 2, y = node.beside ? node.y - high / 2 : node.y + node.r * letters;
      const box = [x, y, x + wide, y + high];
      const shows = node.shown && (scale >= 1 || free(box, node));
      if (shows) take(box, node);
      node.box.classList.toggle("hushed", !shows);
    };
    const first = byRank.filter(chosen);
    first.forEach(place);
    if (scale < 1) for (const node of nodes) {
      const r = 0.8 * node.r * symbols;
      if (node.shown) take([node.x - r, node.y - r, node.x + r, node.y + r], node);
    }
    for (const node of byRank) if (!chosen(node)) place(node);
  }
  const chosen = (node) => ["here", "match", "near"].some((name) => node.box.classList.contains(name));

  function point(event) { // where the pointer is, in units of the viewBox
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    return [place.x, place.y];
  }

  function zoomBy(factor, [x, y] = [left + width / 2, top + height / 2], glide = false) {
    const zoom = Math.min(most(), Math.max(0.4, view.zoom * factor));
    view.x = x - ((x - view.x) * zoom) / view.zoom;
    view.y = y - ((y - view.y) * zoom) / view.zoom;
    view.zoom = zoom;
    show(glide);
  }

  function fit() {
    const seen = nodes.filter((node) => node.shown);
    Object.assign(view, { zoom: 1, x: 0, y: 0 });
    if (seen.length && seen.length < nodes.length) {
      const [x0, x1] = [Math.min(...seen.map((n) => n.x - n.w)), Math.max(...seen.map((n) => n.x + n.w))];
      const [y0, y1] = [Math.min(...seen.map((n) => n.y - n.h)), Math.max(...seen.map((n) => n.y + n.h))];
      view.zoom = Math.min(most(), width / (x1 - x0), height / (y1 - y0));
      view.x = left + width / 2 - (view.zoom * (x0 + x1)) / 2;
      view.y = top + height / 2 - (view.zoom * (y0 + y1)) / 2;
    }
    show(true);
  }

  function centre(node, zoom = view.zoom) {
    view.zoom = zoom;
    view.x = left + width / 2 - zoom * node.x;
    view.y = top + height / 2 - zoom * node.y;
    show(true);
  }

  function reveal(node) { // move the picture only if the thing is outside
    const box = node.box.getBoundingClientRect(), stage = picture.getBoundingClientRect();
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    if (x < stage.left || x > stage.right || y < stage.top || y > stage.bottom) centre(node);
  }

  // Lines, drawn as in page.py
  function path(line) {
    const a = nodes[line.s], b = nodes[line.t], across = b.x - a.x, down = b.y - a.y, long = Math.hypot(across, down);
    if (long < 1) {
      const high = a.y - 3 * a.r - 2 * Math.abs(line.bend) - 20;
      return [`M${a.x - 4} ${a.y - a.r}C${a.x - 40} ${high} ${a.x + 40} ${high} ${a.x + 4} ${a.y - a.r - 3}`,
        a.x, (a.y - a.r + 3 * high) / 4];
    }
    const mx = (a.x + b.x) / 2 + (2 * line.bend * down) / long, my = (a.y + b.y) / 2 - (2 * line.bend * across) / long;
    const rim = (n, gap) => {
      const share = (n.r + gap) / Math.max(1, Math.hypot(mx - n.x, my - n.y));
      return [n.x + share * (mx - n.x), n.y + share * (my - n.y)];
    };
    const [sx, sy] = rim(a, 1), [tx, ty] = rim(b, 3);
    return [`M${sx} ${sy}Q${mx} ${my} ${tx} ${ty}`, sx / 4 + mx / 2 + tx / 4, sy / 4 + my / 2 + ty / 4];
  }

  function move(node, x, y) {
    Object.assign(node, { x, y });
    node.box.setAttribute("transform", `translate(${x} ${y})`);
    for (const line of node.lines) {
      const [way, tx, ty] = path(line), [drawn, name] = line.box.children;
      drawn.setAttribute("d", way);
      name.setAttribute("x", tx);
      name.setAttribute("y", ty);
    }
  }

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

  // The pointer: drag a thing or the picture, pinch, wheel
  const fingers = new Map();
  let held = null, far = false, gap = 0;
  const under = (event) => { const box = event.target.closest?.(".node"); return box ? nodes[Number(box.id.slice(1))] : null; };

  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, point(event));
    held = { node: under(event), at: [event.clientX, event.clientY] };
    far = fingers.size > 1;
    gap = 0;
  });
  window.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (!far && Math.hypot(event.clientX - held.at[0], event.clientY - held.at[1]) < 5) return;
    if (!far) picture.setPointerCapture(event.pointerId);
    far = true;
    const now = point(event);
    fingers.set(event.pointerId, now);
    if (fingers.size === 2) {
      const [[ax, ay], [bx, by]] = [...fingers.values()], apart = Math.hypot(ax - bx, ay - by);
      if (gap) zoomBy(apart / gap, [(ax + bx) / 2, (ay + by) / 2]);
      gap = apart;
    } else if (held.node) {
      move(held.node, held.node.x + (now[0] - before[0]) / view.zoom, held.node.y + (now[1] - before[1]) / view.zoom);
    } else {
      view.x += now[0] - before[0];
      view.y += now[1] - before[1];
      show();
    }
  });
  for (const ending of ["pointerup", "pointercancel"]) window.addEventListener(ending, (event) => {
    if (!fingers.delete(event.pointerId) || fingers.size) return;
    if (!far && ending === "pointerup") {
      select(held.node);
      if (held.node) focus(held.node);
    } else hush();
    held = null;
  });
  picture.addEventListener("pointerover", (event) => {
    const node = fingers.size || event.pointerType === "touch" ? null : under(event);
    if (fingers.size || node === pointed) return;
    pointed = node;
    light();
  });
  picture.addEventListener("pointerleave", () => { if (pointed && !fingers.size) { pointed = null; light(); } });
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), point(event));
  }, { passive: false });

  // The keyboard: one thing at a time can be reached by Tab, arrows go to the nearest in their direction
  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  function rove(node) {
    for (const each of nodes) if (each.box.tabIndex === 0) each.box.tabIndex = -1;
    if (node) node.box.tabIndex = 0;
  }

  function focus(node) {
    rove(node);
    node.box.focus({ preventScroll: true });
  }

  function nearest(node, [dx, dy]) {
    let best = null, least = Infinity;
    for (const each of nodes) {
      if (each === node || !each.shown) continue;
      const x = each.x - node.x, y = each.y - node.y, ahead = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
      if (ahead > 0 && ahead + 2 * aside < least) { best = each; least = ahead + 2 * aside; }
    }
    return best;
  }

  picture.addEventListener("focusin", (event) => {
    const node = under(event);
    if (!node) return;
    rove(node);
    announce(node.box.getAttribute("aria-label"));
    if (!held) { pointed = node; light(); reveal(node); }
  });
  picture.addEventListener("focusout", () => { pointed = null; light(); });
  picture.addEventListener("keydown", (event) => {
    const node = under(event);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) {
      const next = nearest(node, ARROWS[event.key]);
      if (next) focus(next);
    } else if (event.key === "Enter" || event.key === " ") select(node, true);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { leave(); return; }
    if (event.target.closest?.("input[type=search]")) return;
    if (event.key === "/") search.focus();
    else if (event.key === "+" || event.key === "=") zoomBy(1.3, undefined, true);
    else if (event.key === "-") zoomBy(1 / 1.3, undefined, true);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  // Buttons
  $("in").addEventListener("click", () => zoomBy(1.3, undefined, true));
  $("out").addEventListener("click", () => zoomBy(1 / 1.3, undefined, true));
  $("fit").addEventListener("click", fit);
  $("print").addEventListener("click", () => window.print());
  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.style.colorScheme ? root.style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.style.colorScheme = dark ? "light" : "dark";
  });
  new ResizeObserver(() => show()).observe(picture);
  rove(byRank[0]);
  tell();
  show();
})();
