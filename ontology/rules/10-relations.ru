# A relation statement also stands as the plain triple that it speaks of, in the same passage.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH ?passage { ?subject ?predicate ?object } }
WHERE {
  GRAPH ?passage {
    ?statement a euai:RelationStatement ;
      rdf:subject ?subject ;
      rdf:predicate ?predicate ;
      rdf:object ?object .
  }
}
