# Every triple that is stated stands once in the default graph too, except what a passage denies or says has ended, in any
# way that a narrower code calls so, and a class or type that another place disputes: who reads flat triples cannot see
# the dispute.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT { ?subject ?predicate ?object }
WHERE {
  GRAPH ?graph { ?subject ?predicate ?object }
  FILTER(?graph != graph:derived)
  MINUS {
    {
      { VALUES ?over { modality:denied modality:ended } }
      UNION
      { VALUES ?not { modality:denied modality:ended } GRAPH ?listed { ?over skos:broader+ ?not } }
    }
    GRAPH ?described { ?graph euai:modality ?over }
  }
  MINUS {
    VALUES ?predicate { rdf:type dct:type }
    GRAPH ?judged { ?discrepancy euai:involvesStatement ?claim }
    GRAPH graph:derived { ?discrepancy euai:disputedFrom ?day }
    GRAPH ?graph { ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object }
  }
}
