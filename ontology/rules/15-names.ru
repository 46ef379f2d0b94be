# What has no name in English or in Dutch gets the nearest one there is, so that it is found and shown: the name in a
# regional language (en-GB), without a language, in the other language or any, and without any name the last part
# of its IRI. The rules of validation still ask for names.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT { GRAPH graph:derived { ?thing skos:prefLabel ?name } }
WHERE {
  {
    SELECT ?thing ?lang (MIN(?ranked) AS ?first)
    WHERE {
      {
        SELECT DISTINCT ?thing
        WHERE {
          {
            { SELECT DISTINCT ?schema WHERE { GRAPH ?schema { ?below rdfs:subClassOf ?above } } }
            GRAPH graph:ontology { ?class rdfs:subClassOf* euai:Entity }
            GRAPH ?schema { ?kind rdfs:subClassOf* ?class }
            GRAPH ?typed { ?thing a ?kind }
          }
          UNION
          {
            GRAPH graph:ontology {
              { ?property rdfs:range/rdfs:subClassOf* euai:Entity } UNION { ?property rdfs:range skos:Concept }
              UNION { VALUES ?property { dct:type } } UNION { ?property rdfs:subPropertyOf* euai:affects }
            }
            GRAPH ?linked { ?any ?property ?thing }
          }
          UNION
          {
            GRAPH graph:ontology { ?effect rdfs:subPropertyOf* euai:affects }
            GRAPH ?linked { ?thing ?effect ?any }
          }
        }
      }
      VALUES ?lang { "en" "nl" }
      FILTER NOT EXISTS { GRAPH ?naming { ?thing skos:prefLabel ?there FILTER(LANG(?there) = ?lang) } }
      OPTIONAL { GRAPH ?given { ?thing skos:prefLabel|rdfs:label ?known } FILTER(isLiteral(?known)) }
      BIND(IF(BOUND(?known), LANG(?known), "") AS ?tag)
      BIND(IF(!BOUND(?known), 5, IF(LANGMATCHES(?tag, ?lang), 1, IF(?tag = "", 2, IF(?tag IN ("en", "nl"), 3, 4)))) AS ?rank)
      BIND(REPLACE(STR(?thing), "^.*[/#:]", "") AS ?last)
      BIND(COALESCE(STR(?known), IF(?last = "", STR(?thing), ?last)) AS ?words)
      BIND(CONCAT(STR(?rank), ?words) AS ?ranked)
    }
    GROUP BY ?thing ?lang
  }
  BIND(STRLANG(SUBSTR(?first, 2), ?lang) AS ?name)
}
;

# A period or currency without a code has the last part of its IRI for one.
INSERT { GRAPH graph:derived { ?thing skos:notation ?code } }
WHERE {
  {
    SELECT DISTINCT ?thing
    WHERE {
      GRAPH graph:ontology {
        { ?property rdfs:range euai:StatedPeriod } UNION { VALUES ?property { euai:currency } ?property a ?any }
      }
      GRAPH ?linked { ?statement ?property ?thing }
    }
  }
  FILTER NOT EXISTS { GRAPH ?coded { ?thing skos:notation ?there } }
  BIND(REPLACE(STR(?thing), "^.*[/#:]", "") AS ?code)
}
