"""Diagrams: what stands in relation to what, from rows of a query to pictures, pages and network tools.

The way of a picture: :mod:`~euaikg.diagrams.views` asks a stored query, :mod:`~euaikg.diagrams.rows` turns the answer
into things and relations, :mod:`~euaikg.diagrams.cut` keeps what there is room for, and the result is a
:class:`~euaikg.diagrams.model.network.Network`, which :mod:`~euaikg.diagrams.formats` writes in any format.
"""
