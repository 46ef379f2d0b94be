# A stage surely holds from the last day of the period in which it is said to be reached, or else from the date of
# a document that asserts it, and from there too where that comes first; a plan without a date gives no day. In words
# it is the period named, “by” it where the passage has that as its target, or “by” the day of the document.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX target: <https://w3id.org/euaikg/id/target-mode/>

INSERT { GRAPH graph:derived { ?statement euai:effectiveFrom ?day ; euai:when ?english , ?dutch } }
WHERE {
  GRAPH ?passage { ?statement a euai:StatusStatement }
  OPTIONAL {
    GRAPH ?passage { ?statement euai:effectiveIn ?period }
    OPTIONAL { GRAPH ?calendar { ?period dcat:endDate ?last } }
    OPTIONAL { GRAPH ?calendars { ?period dcat:startDate ?first } }
    OPTIONAL { GRAPH ?names { ?period skos:notation ?name } }
    OPTIONAL {
      GRAPH ?passage {
        ?statement euai:aboutResource ?thing .
        ?target euai:aboutResource ?thing ; euai:targetPeriod ?period ; euai:targetMode target:by
      }
    }
  }
  OPTIONAL {
    GRAPH graph:derived { ?statement euai:statedOn ?stated ; euai:modality modality:asserted }
    OPTIONAL { GRAPH graph:derived { ?statement euai:dateInferred ?inferred } }
  }
  BIND(IF(!(BOUND(?inferred) && BOUND(?last)) && COALESCE(?stated >= ?first, BOUND(?last)), ?stated, ?none) AS ?told)
  BIND(IF(BOUND(?period), COALESCE(IF(?told < ?last, ?told, ?last), ?last, ?told), ?stated) AS ?day)
  BIND(IF(BOUND(?period), ?none, STR(?stated)) AS ?by)
  BIND(STRLANG(COALESCE(CONCAT(IF(BOUND(?target), "by ", ""), STR(?name)), CONCAT(IF(BOUND(?inferred), "by a day not before ", "by "), ?by)), "en") AS ?english)
  BIND(STRLANG(COALESCE(CONCAT(IF(BOUND(?target), "uiterlijk ", ""), STR(?name)), CONCAT(IF(BOUND(?inferred), "uiterlijk op een dag niet eerder dan ", "uiterlijk "), ?by)), "nl") AS ?dutch)
}
