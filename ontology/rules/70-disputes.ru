# A difference is known from the day on which two places that differ are; within one place, from its day. It is a dispute
# but where its kind says that both sides can be right.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>

INSERT { GRAPH graph:derived { ?discrepancy ?known ?day } }
WHERE {
  {
    SELECT ?discrepancy (MIN(?both) AS ?day) WHERE {
      GRAPH ?judged { ?discrepancy euai:involvesStatement ?one }
      GRAPH ?weighed { ?discrepancy euai:involvesStatement ?two }
      GRAPH graph:derived {
        ?one euai:statedIn ?here ; euai:statedOn ?oneOn .
        ?two euai:statedIn ?there ; euai:statedOn ?twoOn .
      }
      FILTER(?here != ?there || NOT EXISTS {
        GRAPH ?compared { ?discrepancy euai:involvesStatement ?third }
        GRAPH graph:derived { ?third euai:statedIn ?elsewhere }
        FILTER(?elsewhere != ?here)
      })
      BIND(IF(?oneOn > ?twoOn, ?oneOn, ?twoOn) AS ?both)
    }
    GROUP BY ?discrepancy
  }
  OPTIONAL {
    GRAPH ?typed { ?discrepancy euai:discrepancyType ?type }
    GRAPH ?listed { ?type euai:reconcilable true }
  }
  BIND(IF(BOUND(?type), euai:reconcilableFrom, euai:disputedFrom) AS ?known)
}
