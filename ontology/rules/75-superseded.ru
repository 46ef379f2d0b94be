# A statement is superseded from the day of the first one that takes its place: a later figure that is recorded as such,
# or a date or stage that a law lays down later for the same thing, where a difference says that the later state is one.
PREFIX difference: <https://w3id.org/euaikg/id/discrepancy-type/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX modality: <https://w3id.org/euaikg/id/modality/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH graph:derived { ?statement euai:supersededFrom ?first } }
WHERE {
  SELECT ?statement (MIN(?day) AS ?first) WHERE {
    {
      GRAPH ?passage { ?later euai:supersedesStatement ?statement }
    }
    UNION
    {
      GRAPH ?judged { ?change euai:discrepancyType difference:later-state ; euai:involvesStatement ?statement , ?later }
      GRAPH graph:derived {
        ?statement euai:statedOn ?before .
        ?later euai:statedOn ?after ; euai:statedAt ?text ; euai:modality ?how
      }
      FILTER(?before < ?after && ?how IN (modality:laid-down, modality:required))
      GRAPH ?naming { ?act euai:setOutIn ?text }
      GRAPH ?described { ?act a ?kind }
      GRAPH ?defined { ?kind rdfs:subClassOf* euai:Law }
      GRAPH ?here { ?statement euai:aboutResource ?thing ; euai:effectiveIn|euai:targetPeriod ?then }
      GRAPH ?there { ?later euai:aboutResource ?thing ; euai:effectiveIn|euai:targetPeriod ?now }
      FILTER(?then != ?now)
      FILTER NOT EXISTS {
        GRAPH ?here { ?statement euai:status ?stage }
        GRAPH ?there { ?later euai:status ?other }
        FILTER(?stage != ?other)
      }
    }
    GRAPH graph:derived { ?later euai:statedOn ?day }
  }
  GROUP BY ?statement
}
