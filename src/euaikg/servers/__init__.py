"""SPARQL servers: asking one (:mod:`~euaikg.sparql.remote`), and loading the graph into one.

The latter is :mod:`~euaikg.servers.publish`; both speak HTTP through :mod:`~euaikg.sparql.http`.
"""
