"""The graph: built from files and rules, kept on disk, and opened for whoever asks.

:mod:`~euaikg.graph.build` makes it, :mod:`~euaikg.graph.stores` keeps it where a user wants it, and
:mod:`~euaikg.graph.access` opens what a user names: the shipped graph, a store or a server.
"""
