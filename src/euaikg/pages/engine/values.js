// What a person types, made into RDF terms as the command line does: things by name, codes, days and periods.

/** A refusal in one sentence for the person who typed. */
export class Refused extends Error {}

const filled = (form, ...parts) => parts.reduce((text, part) => text.replace("{}", () => part), form);

/** Return the text as names are compared: without case, accents, and kinds of spaces, hyphens and quotes. */
export const fold = (text) => text.replace(/ß/g, "ss").toLowerCase().normalize("NFKD").replace(/[‘’‚‛′ʹʼ`´]/g, "'")
  .replace(/[“”„‟″«»]/g, '"').replace(/[\p{Pd}−⁃]/gu, "-").replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, "").trim().replace(/\s+/g, " ");

const wordsOf = (text) => fold(text).replace(/'/g, "").match(/[\p{L}\p{N}]+\+?/gu) ?? [];

/** Return an RDF term as SPARQL writes it; no \u is left behind a backslash, as engines replace it there too. */
const literal = (value, type) => JSON.stringify(value).replace(/\\\\([uU])/g, (_, letter) => `\\\\\\U000000${letter.charCodeAt(0).toString(16)}`)
  + (type ? `^^<http://www.w3.org/2001/XMLSchema#${type}>` : "");

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && text > "0001" && !Number.isNaN(Date.parse(text))
  && new Date(text).toISOString().startsWith(text);

/** Return the first and last day of a day, month, quarter, half or year, or of what lies between two; else nothing. */
export const period = (text, months, inside = false) => {
  let plain = text.slice(0, 60).replace(/[‐‑–—]/g, "-").toLowerCase().trim().replace(/\s+/g, " ");
  if (isDay(plain)) return [plain, plain];
  const at = plain.lastIndexOf(" "), month = at < 0 ? -1 : months.findIndex((names) => names.split(" ").includes(plain.slice(0, at)));
  if (month >= 0) plain = `${plain.slice(at + 1)}-${String(month + 1).padStart(2, "0")}`;
  const forms = [[/^(\d{4})$/, 12], [/^(\d{4})[\s/-]*h([12])$|^h([12])[\s/-]*(\d{4})$/, 6],
    [/^(\d{4})[\s/-]*q([1-4])$|^q([1-4])[\s/-]*(\d{4})$/, 3], [/^(\d{4})-(\d\d)$|^(\d{1,2})\/(\d{4})$/, 1]];
  for (const [form, size] of forms) {
    const found = plain.match(form);
    if (!found) continue;
    const year = found[1] ?? found[4], last = Number(found[2] ?? found[3] ?? 1) * size;
    if (last < 1 || last > 12 || year < "0001") return undefined;
    const end = new Date(Date.UTC(2000, last, 0));
    end.setUTCFullYear(Number(year), last, 0);
    const of = (number) => String(number).padStart(2, "0");
    return [`${year}-${of(last - size + 1)}-01`, `${year}-${of(last)}-${of(end.getUTCDate())}`];
  }
  const range = !inside && text.length <= 60
    && plain.match(/^(\d{4})\s*[-/]\s*(\d{4})$|^(.+?)\s*(?:--|\.\.|\/| - | to | until | tot(?: en met)? )\s*(.+)$/);
  const [first, last] = range ? range.slice(1).filter(Boolean).map((part) => period(part, months, true)) : [];
  return first && last && first[0] <= last[1] ? [first[0], last[1]] : undefined;
};

/** Makes values of parameters; select answers a SPARQL query with rows, told is what the release says of questions. */
export class Values {
  constructor(select, told, words) {
    Object.assign(this, { select, told, words });
  }

  /** Return the terms that the texts given for a parameter stand for. */
  async terms(name, [type, scheme, takesNarrower], texts) {
    const found = [];
    for (const text of texts) found.push(...await this.term(name, type, scheme, takesNarrower, text));
    return found;
  }

  async term(name, type, scheme, takesNarrower, text) {
    const { words, told } = this, refuse = (form, ...parts) => { throw new Refused(`${name}: ${filled(form, text, ...parts)}`); };
    if (type === "iri") {
      const iri = await this.resolve(text);
      return takesNarrower ? this.narrower(iri) : [iri];
    }
    if (type === "code") return this.narrower(await this.resolve(text, `${told.base}id/${scheme}/`));
    if (type === "passage") return this.passages(text);
    if (type === "language") return /^[A-Za-z]{2,8}$/.test(text) ? [literal(text.toLowerCase())] : refuse(words.no_language);
    if (type === "notation") return [literal(text.toUpperCase())];
    if (type === "begin" || type === "end") {
      const days = period(text, told.months);
      return days ? [literal(days[type === "end" ? 1 : 0], "date")] : refuse(words.no_period);
    }
    if (type === "date") return isDay(text) ? [literal(text, "date")] : refuse(words.no_day);
    if (type === "integer" || type === "decimal") {
      const form = type === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?$/;
      return form.test(text) ? [literal(text, type)] : refuse(words.no_number);
    }
    if (type === "boolean") return ["true", "false"].includes(text) ? [literal(text, "boolean")] : refuse(words.no_boolean);
    return [literal(text)];
  }

  async narrower(iri) {
    const rows = await this.select(this.told.queries.narrower.replace("UNDEF", iri));
    return [...new Set([iri, ...rows.map(({ code }) => `<${code.value}>`)])];
  }

  /** Return all names as rows of thing, text, whether it is a code, and rank; the preferred ones first. */
  async names() {
    const { queries } = this.told;
    this.known ??= Promise.all([this.select(queries.names), this.select(queries.codes)]).then(([rows, codes]) => {
      const listed = new Set(codes.map(({ thing }) => thing.value));
      return rows.filter(({ thing }) => thing.type === "uri").map(({ thing, name, rank }) => (
        { iri: thing.value, text: name.value, folded: fold(name.value), rank: Number(rank.value), code: listed.has(thing.value), lang: name["xml:lang"] }
      )).sort((a, b) => a.rank - b.rank || (a.iri < b.iri ? -1 : 1));
    });
    return this.known;
  }

  /** Return the IRI that the text is meant for, by angle brackets, :// or a prefix of the project; else nothing. */
  iri(text) {
    const bare = text.trim().replace(/^<(.*)>$/, "$1"), [prefix, ...rest] = bare.split(":");
    const space = rest.length ? this.told.prefixes[prefix] : undefined;
    const whole = space ? space + rest.join(":") : /:\/\/|^<.*>$/.test(text.trim()) ? bare : undefined;
    if (whole === undefined) return undefined;
    if (!/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(whole)) throw new Refused(filled(this.words.unknown, text));
    return `<${whole}>`;
  }

  /** Return the thing that the text names, among those whose IRIs begin with the scope. */
  async resolve(text, scope = "") {
    const iri = this.iri(text);
    if (iri) return iri;
    const known = (await this.names()).filter((name) => name.iri.startsWith(scope)), wanted = fold(text);
    if (scope && known.some((name) => name.iri === scope + text)) return `<${scope}${text}>`;
    const standing = (name) => (name.code ? 10 : 0) + name.rank;
    for (const same of [(name) => name.text === text, (name) => name.text.toLowerCase() === text.toLowerCase(), () => true]) {
      const fits = known.filter((name) => name.folded === wanted && same(name)), best = Math.min(...fits.map(standing));
      const found = [...new Set(fits.filter((name) => standing(name) === best).map((name) => name.iri))];
      if (found.length === 1) return `<${found[0]}>`;
      if (found.length) throw new Refused(filled(this.words.several, text, found.join(", ")));
    }
    const close = new Map(this.loosely(text, known).map((name) => [name.iri, name.text]));
    if (close.size === 1) return `<${[...close.keys()][0]}>`;
    if (close.size) throw new Refused(filled(this.words.several, text, [...close.values()].sort().slice(0, 6).join("; ")));
    throw new Refused(this.lost(this.words.unknown, text, known));
  }

  /** Return the names that the text is but for hyphens and the plural, or else the beginning of. */
  loosely(text, known) {
    const stem = (word) => {
      const [ending, instead] = word.length > 3 && !/\d$/.test(word) ? this.told.endings.find(([end]) => word.endsWith(end)) ?? ["", ""] : ["", ""];
      const single = word.length - ending.length > 2 ? word.slice(0, word.length - ending.length) + instead : word;
      return single.length > 3 ? single.replace(/([^\P{L}_])\1/gu, "$1") : single;
    };
    const typed = wordsOf(text), begun = typed.join(""), wanted = typed.map(stem).join("");
    if (!wanted) return [];
    const parted = known.map((name) => [name, wordsOf(name.text)]);
    let found = parted.filter(([, parts]) => parts.map(stem).join("") === wanted);
    if (!found.length && begun.length >= 3) {
      const begins = parted.filter(([, parts]) => parts.join("").startsWith(begun)), equal = begins.filter(([, parts]) => parts.length === typed.length);
      found = equal.length ? equal : begins;
    }
    const names = found.map(([name]) => name), things = names.filter((name) => !name.code);
    return things.length ? things : names;
  }

  /** Return a sentence that nothing is called so, with the names most like it: those that share most pairs of letters. */
  lost(form, text, known) {
    const pairs = (word) => new Set(Array.from({ length: Math.max(word.length - 1, 0) }, (_, at) => word.slice(at, at + 2)));
    const wanted = pairs(fold(text).slice(0, 100)), near = new Map();
    for (const { iri, text: name, folded } of known) {
      const own = pairs(folded), score = 2 * [...own].filter((pair) => wanted.has(pair)).length / (own.size + wanted.size || 1);
      if (score > 0.45 && score > (near.get(iri)?.[0] ?? 0)) near.set(iri, [score, name]);
    }
    const best = [...new Set([...near.values()].sort((a, b) => b[0] - a[0]).map(([, name]) => name))].slice(0, 3);
    return [filled(form, text), ...best.length ? [filled(this.words.nearest, best.join(", "))] : []].join(" ");
  }

  /** Return all passages that are cited so; commas do not matter. */
  async passages(text) {
    const iri = this.iri(text);
    if (iri) return [iri];
    const { queries } = this.told, plain = (name) => fold(name.replaceAll(",", " "));
    for (const query of [queries.cited, queries.cited_otherwise]) {
      const found = (await this.select(query)).filter(({ name }) => plain(name.value) === plain(text));
      if (found.length) return [...new Set(found.map(({ passage }) => `<${passage.value}>`))];
    }
    const known = (await this.select(queries.cited)).map(({ name }) => ({ iri: name.value, text: name.value, folded: fold(name.value) }));
    throw new Refused(this.lost(this.words.no_passage, text, known));
  }
}

/** Return the query with the terms of each parameter in its VALUES blocks. */
export const fill = (query, terms) => Object.entries(terms).reduce((text, [name, values]) => (
  text.replace(new RegExp(`\\bVALUES\\s+\\?${name}\\s*\\{[^}]*\\}`, "g"), () => `VALUES ?${name} { ${values.join(" ")} }`)), query);
