// What script adds to pages that are whole without it: fields left empty are not sent, and search finds while you type.
"use strict";
{
  const { lang } = document.documentElement, root = new URL(lang === "en" ? "." : `${lang}/`, document.currentScript.src).href;

  document.addEventListener("submit", ({ target }) => {
    for (const field of target.elements) field.disabled ||= field.name !== "" && field.value === "" && field.type !== "submit";
    setTimeout(() => [...target.elements].forEach((field) => { field.disabled = false; }));
  });

  /** Return text without accents, in small letters, as its words. */
  const wordsOf = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  /** Say whether one letter more, less, other or exchanged makes word begin as asked. */
  const nearly = (asked, word) => {
    let at = 0;
    while (at < asked.length && asked[at] === word[at]) at += 1;
    const rest = asked.slice(at + 1);
    return word.slice(at + 1).startsWith(rest) || word.slice(at).startsWith(rest) || word.slice(at + 1).startsWith(asked.slice(at))
      || (asked[at] === word[at + 1] && asked[at + 1] === word[at] && word.slice(at + 2).startsWith(asked.slice(at + 2)));
  };

  /** Return how well word answers to asked: whole, begun so, with a typo where that is looked for, or not at all. */
  const fit = (asked, word, forgiving) => {
    if (word === asked) return 1;
    if (word.startsWith(asked)) return asked.length > 1 ? 0.7 + 0.2 * asked.length / word.length : 0;
    return forgiving && asked.length > 3 && Math.abs(word.length - asked.length) < 4 && nearly(asked, word) ? 0.5 : 0;
  };

  /** Return the rows of the index with a name that has the words asked, or is among them, the best first. */
  const find = (rows, asked) => {
    const words = wordsOf(asked);
    const typos = words.map((word) => !rows.some(({ names }) => names.some((name) => name.some((one) => fit(word, one)))));
    const fits = rows.map(({ names }) => names.map((name) => (
      words.map((word, at) => name.map((one) => fit(word, one, typos[at]))))));
    const weights = words.map((_, at) => Math.log( // rare words weigh more than common ones
      1 + rows.length / (1 + fits.filter((names) => names.some((of) => of[at].some(Boolean))).length)));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const score = (of, name, at) => {
      const told = of.reduce((sum, fit, word) => sum + weights[word] * Math.max(0, ...fit), 0) / whole;
      const covered = name.filter((_, one) => of.some((fit) => fit[one])).length / name.length || 0;
      return told && (told + 0.35 * covered ** 2) * (at ? 0.97 : 1);
    };
    return rows.map((row, at) => ({ row, score: Math.max(...row.names.map((name, of) => score(fits[at][of], name, of))) }))
      .filter(({ score }) => score > 0.4).sort((a, b) => b.score - a.score).slice(0, 40).map(({ row }) => row);
  };

  const start = async (input) => {
    const [list, count, without] = ["found", "count", "without"].map((id) => document.getElementById(id));
    const answer = await fetch(input.dataset.index);
    if (!answer.ok) return;
    const rows = (await answer.json()).flatMap(([folder, kind, pages]) => pages.map(([end, name, also]) => (
      { address: `${folder}${end}.html`, name, kind, names: [name, ...also.split("; ")].map(wordsOf) })));
    const show = () => {
      const found = input.value.trim() ? find(rows, input.value) : [];
      list.replaceChildren(...found.map(({ address, name, kind }) => {
        const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("span");
        link.href = root + address;
        link.textContent = name;
        small.className = "quiet";
        small.textContent = kind;
        item.append(link, " ", small);
        return item;
      }));
      count.textContent = !input.value.trim() ? "" : found.length ? input.dataset.found.replace("{}", found.length) : input.dataset.none;
      without.hidden = found.length > 0;
      history.replaceState(null, "", input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname);
    };
    input.value ||= new URLSearchParams(location.search).get("q") ?? "";
    if (!list.children.length) show();
    input.addEventListener("input", show);
    if (!("asks" in input.dataset)) input.form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    document.addEventListener("keydown", (event) => { // arrows go through what is found
      const stops = [input, ...list.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
      const next = stops[at + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
      if (at < 0 || !next) return;
      event.preventDefault();
      next.focus();
    });
  };

  for (const wide of document.querySelectorAll("[data-from]")) { // a picture with names on its left begins where days are
    if (wide.scrollWidth > wide.clientWidth) wide.scrollLeft = wide.dataset.from * wide.scrollWidth;
  }

  const input = document.querySelector("input[data-index]");
  if (input && location.protocol !== "file:") start(input);
}
