# Every triple stands once in the default graph too, except what a passage denies or says has ended, with what is derived
# for its statements, and a class or type that another place disputes: who reads flat triples cannot see the dispute.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { ?subject ?predicate ?object }
WHERE {
  GRAPH ?graph { ?subject ?predicate ?object }
  MINUS {
    VALUES ?over { modality:denied modality:ended }
    GRAPH ?described { ?graph euai:modality ?over }
  }
  MINUS {
    VALUES ?graph { graph:derived }
    VALUES ?over { modality:denied modality:ended }
    GRAPH ?graph { ?subject euai:modality ?over }
  }
  MINUS {
    VALUES ?predicate { rdf:type dct:type }
    GRAPH ?judged { ?discrepancy euai:involvesStatement ?claim }
    GRAPH graph:derived { ?discrepancy euai:disputedFrom ?day }
    GRAPH ?graph { ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object }
  }
}
