// An answer as people read it, as the pages of the release have it: the main columns in words, figures with their
// hedges and units, what all rows say above the table, and numbers for the places that a row names.

const JOINT = "\u00a0", XSD = "http://www.w3.org/2001/XMLSchema#", DAY = "\\d{4}(?:-(?:\\d\\d(?:-\\d\\d)?|[QH]\\d))?";
const PERIOD = new RegExp(`^(?:(until|from)-)?(${DAY})(?:--(${DAY}))?$`);

const filled = (form, ...cells) => form.replace(/\{(\d?)\}/g, (_, at) => (at ? cells[at] : cells.shift()));
const isTrue = (term) => term?.datatype === `${XSD}boolean` && ["true", "1"].includes(term.value);
const number = (term) => {
  const type = term?.datatype?.replace(XSD, "") ?? "";
  return /^(integer|decimal|double|float|long|int|short|byte|.*Integer)$/.test(type) && Number.isFinite(Number(term.value)) ? Number(term.value) : null;
};
const grouped = (digits) => digits.replace(/^([+-]?\d+)(.*)$/, (_, whole, rest) => whole.replace(/\B(?=(\d{3})+$)/g, " ") + rest);

/** Makes what people see of rows; told is what the release says of tables, query what it says of the question. */
export class Table {
  constructor(told, variables, rows, shown, lang, undated) {
    Object.assign(this, { told, variables, rows, shown, lang, undated, chosen: shown.length > 0 });
  }

  text(term) {
    if (!term) return "";
    if (term.type === "uri") return this.short(term.value);
    if (number(term) !== null && /^[+-]?\d+(\.\d*)?$/.test(term.value)) return grouped(term.value.replace(/^\+/, "")).replace(/\.0$/, "");
    return term.type === "bnode" ? `_:${term.value}` : String(term.value);
  }

  short(iri) {
    const fits = Object.entries(this.told.prefixes).filter(([, space]) => iri.startsWith(space)
      && /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/.test(iri.slice(space.length)));
    const [prefix, space] = fits.sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    return prefix === undefined ? iri : `${prefix}:${iri.slice(space.length)}`;
  }

  word(english) {
    return this.told.columns.words[english]?.[this.lang] ?? english;
  }

  title(name) {
    if (this.variables.includes(`${name}Label`)) return `${this.title(`${name}Label`)} IRI`;
    let stem = name.replace(/(?<=.)Labels?$/, "");
    if (this.chosen) {
      const has = (one) => this.variables.includes(one), figure = has("currency") ? "amount" : "value";
      stem = { low: has(figure) ? figure : "range", dispute: "disputed", status: has("promisedOn") ? "promised" : "status" }[stem] ?? stem;
    }
    const named = this.chosen ? this.told.columns.columns[stem] ?? {} : {};
    const spaced = stem.replace(/\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`);
    return named[this.lang] ?? named.en ?? (spaced.replace(/ labels?$/, "") || spaced);
  }

  terms(name) { return this.rows.map((row) => row[name]); }

  texts(name) { return this.terms(name).map((term) => this.text(term)); }

  period(cell) {
    const [, until, begin, end] = cell.match(PERIOD) ?? [];
    if (!begin) return cell.replace(/(?<=\d)--(?=\d)/g, "–");
    return `${until ? `${this.word(until)} ` : ""}${begin}${end ? `–${end}` : ""}`;
  }

  column(name) {
    const title = this.title(name), terms = this.terms(name), { heads, joined } = this.told;
    if (this.chosen && (heads.includes(name) || name === "low" || name.endsWith("Low"))) return { title, cells: this.figures(name), right: true };
    if (terms.some((term) => term?.datatype === `${XSD}boolean`)) return { title, cells: terms.map((term) => (isTrue(term) ? title : "")) };
    if (name.endsWith("On") || name === "notBefore") return { title, cells: this.days(name) };
    const [other, both, alone] = joined[name] ?? [];
    if (this.chosen && other && this.variables.includes(other) && !this.shown.includes(other)) {
      const others = this.texts(other).map((cell) => this.period(cell));
      return { title, cells: this.texts(name).map((cell, at) => {
        const own = this.period(cell);
        return own && others[at] ? filled(this.word(both), own, others[at]) : own || (others[at] && filled(this.word(alone), others[at]));
      }) };
    }
    if (this.chosen && name.toLowerCase().endsWith("modality")) return { title, cells: this.texts(name).map((cell) => cell.replace(/^modality:/, "")) };
    const right = terms.some(Boolean) && terms.every((term) => !term || number(term) !== null);
    const cells = terms.map((term) => (number(term) !== null ? this.text(term).replaceAll(" ", JOINT) : this.text(term)));
    return { title, cells: this.chosen ? cells.map((cell) => this.period(cell)) : cells, right };
  }

  days(name) {
    const texts = this.texts(name);
    return texts.map((cell, at) => {
      const there = this.undated[cell] ?? [], said = Object.values(this.rows[at]).map((term) => term.value);
      const speaks = there.some((one) => said.some((text) => text === one || text.startsWith(`${one},`)));
      return name === "notBefore" || isTrue(this.rows[at].dateInferred) || speaks ? `${this.word("not before")} ${cell}` : cell;
    });
  }

  figures(name) {
    const stem = name.endsWith("Low") ? name.slice(0, -3) : "", has = (one) => this.variables.includes(one);
    const [low, high] = stem ? [`${stem}Low`, `${stem}High`] : ["low", "high"], value = [low, "low"].includes(name) ? "" : name;
    const hedge = has(`${name}Qualifier`) ? `${name}Qualifier` : "qualifierLabel", unit = ["currency", "unit", "unitLabel"].find(has);
    const bounded = ["", "value", "amount", "stated"].includes(value);
    return this.rows.map((row) => {
      const bound = (one) => (bounded ? number(row[one]) : null), text = (one) => this.text(row[one]);
      const isOpen = isTrue(row.open) || Boolean(number(row.open));
      let said = this.hedged(number(row[value]), bound(low), isOpen ? null : bound(high), value && text(hedge), unit ? text(unit) : "");
      if (said && row.perLabel) said += ` per ${text("perLabel")}`;
      return said && isTrue(row.estimate) ? `${said} (${this.word("estimate")})` : said;
    });
  }

  hedged(value, low, high, qualifier, unit) {
    const said = (...numbers) => this.withUnit(numbers, unit);
    const spread = () => {
      if (high === null) return low === null ? "" : `${this.word("at least")} ${said(low)}`;
      if (low === high) return said(high);
      return low ? said(low, high) : `${this.word("up to")} ${said(high)}`;
    };
    if (value === null) return spread();
    const hedge = qualifier === this.word("exact") ? "" : qualifier;
    if ((low === null && high === null) || (hedge && !(low === value && high !== null))) return `${hedge} ${said(value)}`.trim();
    return value === low || value === high ? spread() : `${said(value)} (${spread()})`;
  }

  withUnit(numbers, unit) {
    const isMoney = /^[A-Z]{3}$/.test(unit), parts = numbers.map((one) => this.shortened(one, isMoney));
    if (parts.every(([, size]) => size === parts[0][1])) parts.slice(0, -1).forEach((part) => { part[1] = ""; });
    const text = parts.map(([figure, size]) => (size ? `${figure}${isMoney ? JOINT : " "}${size}` : figure)).join(` ${this.word("to")}${JOINT}`);
    if (isMoney) return (this.lang === "nl" ? [text, unit] : [unit, text]).join(JOINT);
    const [one, several] = this.told.columns.units[this.lang]?.[unit] ?? [unit, unit], behind = numbers.length === 1 && numbers[0] === 1 ? one : several;
    return /^\p{L}+$/u.test(behind) ? `${text} ${behind}` : behind ? `${text}${JOINT}${behind}` : text;
  }

  shortened(value, isMoney) {
    for (const [power, money, anything] of this.told.sizes) {
      const part = value / 10 ** power;
      if (Math.abs(part) >= 1 && Number(part.toFixed(2)) === part) return [this.digits(part), this.word(isMoney ? money : anything)];
    }
    return [this.digits(value), ""];
  }

  digits(value) {
    return grouped(String(value)).replaceAll(" ", JOINT).replace(".", this.lang === "nl" ? "," : ".");
  }

  /** Return lines above, columns and places: the columns have titles, cells as texts, and perhaps numbers of places. */
  sheet() {
    const isPlace = (name) => new RegExp(`^(?:${this.told.places})$`).test(name), { chosen, rows } = this;
    let names = chosen ? [...this.shown] : this.variables.filter((name) => !this.variables.includes(`${name}Label`));
    const placed = chosen ? names.slice(1).filter(isPlace) : [];
    let columns = Object.fromEntries(names.filter((name) => !placed.includes(name)).map((name) => [name, this.column(name)]));
    if (chosen && rows.length) columns = this.withNotes(columns);
    let named = placed.map((name) => this.texts(name).map((cell) => new Set(cell.split("; ").filter(Boolean))));
    if (placed.length && rows.length) {
      const kept = new Map(); // rows that say the same are one, with the places of all
      rows.forEach((_, at) => {
        const cells = Object.values(columns).map((column) => column.cells[at]), key = JSON.stringify(cells);
        if (!kept.has(key)) kept.set(key, { cells, places: placed.map(() => new Set()) });
        named.forEach((of, to) => of[at].forEach((place) => kept.get(key).places[to].add(place)));
      });
      const all = [...kept.values()];
      Object.values(columns).forEach((column, at) => { column.cells = all.map(({ cells }) => cells[at]); });
      named = placed.map((_, at) => all.map(({ places }) => places[at]));
    }
    const numbers = new Map();
    for (let at = 0; at < (named[0]?.length ?? 0); at += 1) named.forEach((of) => of[at].forEach((place) => numbers.has(place) || numbers.set(place, numbers.size + 1)));
    placed.forEach((name, at) => {
      const cells = named[at].map((of) => runs([...of].map((place) => numbers.get(place)).sort((a, b) => a - b)));
      columns[name] = { title: this.title(name), cells, numbered: true };
    });
    const ordered = [...new Set([...names, ...placed])].filter((name) => columns[name]).map((name) => [name, columns[name]]);
    if (!chosen || !rows.length) return { above: [], columns: ordered.map(([, column]) => column), places: [...numbers.keys()] };
    const above = [], kept = [];
    for (const [, column] of ordered) {
      const first = column.cells[0];
      if (column.cells.length > 1 && first && column.cells.every((cell) => cell === first)) {
        above.push(`${column.title}: ${first === column.title ? this.word("yes") : first.replaceAll(JOINT, " ")}`);
      } else if (column.cells.some(Boolean)) kept.push(column);
    }
    for (const name of this.told.reasons.filter((one) => this.variables.includes(one) && !names.includes(one))) {
      const reasons = new Set(this.texts(name));
      if (rows.length > 1 && reasons.size === 1 && [...reasons][0]) above.push(`${this.title(name)}: ${[...reasons][0]}`);
    }
    return { above, columns: kept, places: [...numbers.keys()] };
  }

  /** Return the columns with those that few rows have as one column of notes, where there are several. */
  withNotes(columns) {
    const { notes, modalities, first } = this.told;
    const few = Object.keys(columns).filter((name) => {
      const there = columns[name].cells.filter(Boolean).length;
      return name in notes && !modalities.includes(name) && there > 0 && there * 3 < columns[name].cells.length;
    });
    if (few.length < 2) return columns;
    const order = [...few].sort((a, b) => Number(!first.includes(a)) - Number(!first.includes(b)));
    const cells = this.rows.map((_, at) => order.map((name) => columns[name].cells[at] && filled(this.word(notes[name]), columns[name].cells[at])).filter(Boolean).join("; "));
    return Object.fromEntries(Object.entries(columns).filter(([name]) => !few.slice(0, -1).includes(name))
      .map(([name, column]) => [name, name === few.at(-1) ? { title: this.title("note"), cells } : column]));
  }
}

/** Return sorted numbers with more than two in a row as one: “1, 3–5”. */
const runs = (numbers) => {
  const found = [];
  for (const one of numbers) {
    if (found.at(-1)?.at(-1) === one - 1) found.at(-1).push(one);
    else found.push([one]);
  }
  return found.map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join(", "))).join(", ");
};
