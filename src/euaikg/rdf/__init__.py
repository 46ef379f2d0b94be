"""RDF as such: terms, and the texts in which graphs are written. Nothing here knows queries."""
