"""Curation: what keeps the data right and its text canonical, and holds it against the documents."""
