"""Exports: RDF, JSON-LD and tables, the same bytes on every machine.

:mod:`~euaikg.exports.export` chooses what is written, from sorted lines of N-Triples (:mod:`~euaikg.rdf.ntriples`);
there is a module for each form.
"""
