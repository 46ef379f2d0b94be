# A target is due on the last day of its period.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>

INSERT { GRAPH graph:derived { ?statement euai:dueBy ?day } }
WHERE {
  GRAPH ?passage { ?statement euai:targetPeriod ?period }
  GRAPH ?calendar { ?period dcat:endDate ?day }
}
