"""Questions: the stored ones and what can be set in them, things by name, citations, and cards of answers."""
