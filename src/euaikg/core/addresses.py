"""Addresses of one's own on the web: what may be published, and what may not."""

import re

from pyoxigraph import NamedNode

from euaikg.errors import InputError, quote


def folder(url: str) -> str:
    """Return ``url``, the address of a folder, with a slash at its end.

    Raises :class:`InputError` where it is none, and where it has a user, a password, a query or a fragment.
    """
    try:
        valid = re.fullmatch(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?", NamedNode(url).value)
    except ValueError:
        valid = None
    if not valid:
        secret = re.match(r"\w+://[^/?#]*@", url)
        raise InputError(
            f"{'What is given as the address' if secret else quote(url)} is not an address for a folder; it must look "
            "like https://example.org/euaikg/, without a user, a password, a query or a fragment."
        )
    return url if url.endswith("/") else url + "/"
