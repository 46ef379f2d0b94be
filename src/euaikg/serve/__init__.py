"""The graph as a server: SPARQL, stored questions as a web API, things as RDF, pages, and tools for language models.

One process speaks HTTP and holds no query; others answer, and can be ended at any moment. Only this package imports
Starlette and uvicorn.
"""
