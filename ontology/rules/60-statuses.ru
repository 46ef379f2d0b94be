# A stage surely holds from the last day of the period in which it is said to be reached, or else from the date of
# a document that asserts it; a plan without a date gives no day.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>

INSERT { GRAPH graph:derived { ?statement euai:effectiveFrom ?day } }
WHERE {
  GRAPH ?passage { ?statement a euai:StatusStatement }
  OPTIONAL {
    GRAPH ?passage { ?statement euai:effectiveIn ?period }
    OPTIONAL { GRAPH ?calendar { ?period dcat:endDate ?last } }
  }
  OPTIONAL { GRAPH graph:derived { ?statement euai:statedOn ?stated ; euai:modality modality:asserted } }
  BIND(IF(BOUND(?period), ?last, ?stated) AS ?day)
}
