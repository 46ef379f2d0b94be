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
size();
