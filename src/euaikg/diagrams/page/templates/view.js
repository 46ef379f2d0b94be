// The things and lines that the page already shows, and how they are looked at: zoom, labels, moved things.
// The scripts of a diagram are one module together: view.js, facts.js, input.js. Labels only ever become text.
const $ = (id) => document.getElementById(id);
const { nodes, lines, edges, words } = JSON.parse($("data").textContent);
const picture = $("picture"), world = $("world"), panel = $("panel"), search = $("search");
const [left, top, width, height] = picture.getAttribute("viewBox").split(" ").map(Number);
const say = (text, ...values) => values.reduce((said, value) => said.replace("{}", value), text);
const announce = (text) => { $("status").textContent = text; };
document.documentElement.classList.add("scripted");

nodes.forEach((node, at) => {
  Object.assign(node, { at, box: $("n" + at), lines: [], shown: true });
  node.box.style.setProperty("--up", `${-node.h}px`);
});
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
let waiting = 0, letters = 1, symbols = 1;

function show(glide = false) {
  picture.classList.toggle("glide", glide);
  world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`;
  clearTimeout(waiting);
  if (nodes.length > 300) waiting = setTimeout(size, 120); // many things follow when the picture stands still
  else size();
}

function size() { // letters and symbols keep a size that can be read, however far away
  const scale = base() * view.zoom; // pixels of the screen for a unit of the picture
  letters = Math.min(16, Math.max(10, 12 * scale)) / 12 / scale;
  symbols = Math.min(1.5, Math.max(0.42, scale)) / scale;
  const sized = lines.length > 300 ? [$("nodes"), $("names")] : [world];
  for (const part of sized) {
    part.style.setProperty("--letters", letters);
    part.style.setProperty("--symbols", symbols);
  }
  hush();
}

// Labels that would cover one another or a symbol are left out, like on a map: the best connected things keep theirs.
function hush() {
  const scale = base() * view.zoom;
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
    const wide = 0.95 * node.w * letters, high = (node.h - (node.beside ? 0 : 2 * node.r + 3)) * letters;
    const x = node.beside ? node.x : node.x - wide / 2, y = node.beside ? node.y - high / 2 : node.y + node.r * letters;
    const box = [x, y, x + wide, y + high], shift = 2 * node.r * letters + high; // below, or else above
    const above = [x, y - shift, x + wide, y + high - shift];
    const where = !node.shown ? null : scale >= 1 || free(box, node) ? box : !node.beside && free(above, node) ? above : null;
    if (where) take(where, node);
    node.box.classList.toggle("hushed", !where);
    node.box.classList.toggle("above", where === above);
  };
  const first = byRank.filter(chosen);
  first.forEach(place);
  if (scale < 1) for (const node of nodes) {
    const r = 0.8 * node.r * symbols;
    if (node.shown) take([node.x - r, node.y - r, node.x + r, node.y + r], node);
  }
  for (const node of byRank) if (!chosen(node)) place(node);
  if (picture.classList.contains("sparse")) for (const line of lines) { // names of lines move along them to where there is room
    const [way, name] = line.box.children, wide = 2.4 * letters * name.textContent.length, long = way.getTotalLength();
    const shows = line.shown && [0.5, 0.42, 0.58, 0.34, 0.66].some((share) => {
      const { x, y } = way.getPointAtLength(long * share), box = [x - wide, y - 6 * letters, x + wide, y + 2 * letters];
      if (!free(box, line)) return false;
      take(box, line);
      name.setAttribute("x", x);
      name.setAttribute("y", y);
      return true;
    });
    line.box.classList.toggle("hushed", !shows);
  }
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

function reveal(node) { // move the picture only if the thing is outside, or under the facts on a small screen
  const box = node.box.firstChild.getBoundingClientRect(), stage = picture.getBoundingClientRect();
  const over = getComputedStyle(panel).position === "fixed" && !panel.hidden ? panel.getBoundingClientRect().top : Infinity;
  const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
  if (x < stage.left || x > stage.right || y < stage.top || y > Math.min(stage.bottom, over - 20)) centre(node);
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
