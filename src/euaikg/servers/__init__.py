"""SPARQL servers: asking one (:mod:`~euaikg.servers.remote`), and loading the graph into one.

The latter is :mod:`~euaikg.servers.publish`; both speak HTTP through :mod:`~euaikg.servers.web`.
"""
