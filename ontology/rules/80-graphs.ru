# Which graphs are the project's, beside those of passages: beside other people's graphs on a server nothing else tells.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>

INSERT { GRAPH graph:derived { ?graph a sd:NamedGraph } }
WHERE {
  GRAPH ?graph { }
  FILTER NOT EXISTS { GRAPH ?described { ?graph a euai:Passage } }
}
