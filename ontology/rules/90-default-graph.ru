# Every triple stands once in the default graph too, except what a passage denies or says has ended.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>

INSERT { ?subject ?predicate ?object }
WHERE {
  GRAPH ?graph { ?subject ?predicate ?object }
  MINUS {
    VALUES ?over { modality:denied modality:ended }
    GRAPH ?described { ?graph euai:modality ?over }
  }
}
