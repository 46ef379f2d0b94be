"""Questions that are another one with values set: their files say what is their own, and this makes the whole text.

The header of such a file has ``asks``, the question it asks, and perhaps ``as``, other names for variables of that one
(``{subject: thing}`` makes ``thingLabel`` of ``subjectLabel`` too). What people see of the other one (``shown``) they
see of this one, unless it says so itself. Below it stand ``VALUES`` blocks, which take the
place of those of the same variable; ``PREFIX`` lines that the other question lacks; an ``ORDER BY``, where the order is
another; and patterns, which take the place of what stands in the other question between the comments ``# own`` and
``# end of own``, wherever those are. The way to a quick answer goes through here, so nothing is imported, and the text
is taken as the shipped files have it: a line for each ``PREFIX`` and each ``ORDER BY``, and blocks that begin with
``VALUES ?name {``.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OWN, END = "  # own\n", "  # end of own\n"


def asked(text: str) -> str | None:
    """Return the name of the question that the one with this ``text`` asks, or None where it stands for itself."""
    return _field(text, "asks") or None


def expanded(text: str, read: "Callable[[str], str]") -> str:
    """Return the whole text of a question under its own header; ``read`` gives the text of the file of another one.

    Raises :class:`ValueError` with the reason where the two do not fit.
    """
    name = asked(text)
    if name is None:
        return text.replace(OWN, "").replace(END, "")
    other = read(name)
    if asked(other) is not None:
        raise ValueError(f"it asks {name}, which asks another one itself")
    header, own = _parted(text)
    shown = "" if _field(text, "shown") else _field(other, "shown").strip("[]").replace(" ", "")
    names = "".join(f" ?{name}" for name in shown.split(",") if name)
    whole, _, names = _renamed(f"{_parted(other)[1]}#{names}", _field(text, "as")).rpartition("#")
    if names:
        header += f"#+ shown: [{names.strip(' ?').replace(' ?', ', ')}]\n"
    patterns = []
    lines = iter(own.splitlines(keepends=True))
    for line in lines:
        if line.startswith("VALUES "):
            while "}" not in line and (more := next(lines, None)):
                line += more
            if "{" not in line or "}" not in line:
                raise ValueError(f"the block {line.split()[1]} is not whole")
            start = line[: line.index("{") + 1]
            if start in whole:
                whole = _replaced(whole, start, line.rstrip("\n"))
                continue
            if f"#+   {start[8:-1].strip('? ')}:" not in header:
                raise ValueError(f"{name} has no block VALUES {start[7:-1].strip()}")
        if line.startswith("PREFIX "):
            whole = whole if line in whole else line + whole
        elif line.startswith("ORDER BY "):
            whole = whole[: whole.rindex("ORDER BY ")] + line
        elif line.strip():
            patterns.append("".join(f"  {part}" for part in line.splitlines(keepends=True)))
    if (OWN in whole) != (END in whole) or (patterns and OWN not in whole):
        raise ValueError(f"{name} has no place for patterns of others")
    before, *places = whole.split(OWN)
    whole = before + "".join("".join(patterns) + place.partition(END)[2] for place in places)
    said = [line for line in header.splitlines(keepends=True) if not line.startswith(("#+ asks: ", "#+ as: "))]
    return f"{''.join(said)}\n{whole}"  # which stands for itself now


def _field(text: str, key: str) -> str:
    mark = f"#+ {key}: "
    return next((line[len(mark) :].strip() for line in text.splitlines() if line.startswith(mark)), "")


def _parted(text: str) -> tuple[str, str]:
    """Return the header and the rest of ``text``."""
    lines = text.splitlines(keepends=True)
    header = [line for line in lines if line.startswith("#+")]
    return "".join(header), "".join(line for line in lines if not line.startswith("#+")).lstrip("\n")


def _renamed(text: str, names: str) -> str:
    """Return ``text`` with its variables renamed as ``{old: new, ...}`` says, all at once."""
    for pair in names.strip("{}").split(",") if names else []:
        old, _, new = (part.strip() for part in pair.partition(":"))
        if not new.isidentifier() or f"?{old}" not in text:
            raise ValueError(f"“{pair.strip()}” renames no variable of the question that it asks")
        text = text.replace(f"?{old}", f"?\0{new}")
    return text.replace("\0", "")


def _replaced(text: str, start: str, block: str) -> str:
    """Return ``text`` with ``block`` in place of each that begins with ``start``."""
    first, *rest = text.split(start)
    return first + "".join(block + part[part.index("}") + 1 :] for part in rest)
