"""Questions: the stored ones and what can be set in them, things by name, citations, and cards of answers.

Called, ``euaikg.questions()`` is the function of that name in ``euaikg.api``: it returns the stored questions as a
table, or what can be set in one of them.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any
else:
    ModuleType = type(sys)


class _Questions(ModuleType):
    """A package that stands where users look for a function of the same name, and does what that does."""

    def __call__(self, *given: "Any", **named: "Any") -> "Any":
        return sys.modules["euaikg"].__getattr__("questions")(*given, **named)


sys.modules[__name__].__class__ = _Questions
