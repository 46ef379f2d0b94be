# A code that nothing describes, such as a currency beyond our list, is called by the last part of its address, so that
# no row is left out of an answer for want of a name. The rules of validation still ask for its description.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT {
  GRAPH graph:derived { ?code skos:prefLabel ?name ; skos:notation ?notation }
}
WHERE {
  {
    SELECT DISTINCT ?code ?property WHERE {
      GRAPH graph:ontology { ?property rdfs:range skos:Concept }
      GRAPH ?passage { ?statement ?property ?code }
      FILTER(ISIRI(?code))
      FILTER NOT EXISTS { GRAPH ?list { ?code a skos:Concept } }
    }
  }
  BIND(REPLACE(STR(?code), "^.*[/#:]", "") AS ?last)
  FILTER(?last != "")
  VALUES ?lang { "en" "nl" }
  BIND(IF(EXISTS { GRAPH ?said { ?code skos:prefLabel ?any } }, ?unbound, STRLANG(?last, ?lang)) AS ?name)
  BIND(IF(?property = euai:currency, ?last, ?unbound) AS ?notation)
}
