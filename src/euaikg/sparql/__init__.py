"""Asking in SPARQL: the text of a query, the engines that answer it, and answers in every format.

An engine is an :class:`~euaikg.sparql.embedded.Engine`: a store in this process
(:class:`~euaikg.sparql.embedded.Embedded`), one with limits (:class:`~euaikg.sparql.embedded.Limited`), or a server
(:class:`~euaikg.sparql.remote.Remote`).
"""
