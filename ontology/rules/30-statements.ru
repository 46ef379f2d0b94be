# Each statement carries the passage, document, date and modality of its graph, so that it stays whole in flat exports.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT {
  GRAPH graph:derived {
    ?statement euai:statedIn ?passage ;
      euai:statedAt ?document ;
      euai:statedOn ?date ;
      euai:dateInferred ?inferred ;
      euai:modality ?modality .
  }
}
WHERE {
  { SELECT DISTINCT ?schema WHERE { GRAPH ?schema { ?below rdfs:subClassOf ?above } } }
  GRAPH graph:ontology { ?class rdfs:subClassOf euai:Statement }
  GRAPH ?schema { ?kind rdfs:subClassOf* ?class }
  GRAPH ?passage { ?statement a ?kind }
  OPTIONAL { GRAPH ?described { ?passage euai:modality ?modality } }
  GRAPH graph:derived {
    ?passage euai:statedAt ?document .
    OPTIONAL { ?passage euai:statedOn ?date }
    OPTIONAL { ?passage euai:dateInferred ?inferred }
  }
}
