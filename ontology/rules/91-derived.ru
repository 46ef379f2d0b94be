# What is derived stands in the default graph too, except for the statements of a passage that denies something or says
# that it has ended; apart from what is stated, since what an update adds is in memory until it ends.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT { ?subject ?predicate ?object }
WHERE {
  GRAPH graph:derived { ?subject ?predicate ?object }
  MINUS {
    {
      { VALUES ?over { modality:denied modality:ended } }
      UNION
      { VALUES ?not { modality:denied modality:ended } GRAPH ?listed { ?over skos:broader+ ?not } }
    }
    GRAPH graph:derived { ?subject euai:modality ?over }
  }
}
