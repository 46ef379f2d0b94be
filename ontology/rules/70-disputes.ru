# A difference is known from the day on which two places that differ are; within one place, from its day. It is a dispute
# but where its kind says that both sides can be right.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>

INSERT { GRAPH graph:derived { ?discrepancy ?known ?day } }
WHERE {
  {
    SELECT ?discrepancy (MIN(?on) AS ?first) (MIN(?both) AS ?apart) WHERE {
      GRAPH ?judged { ?discrepancy euai:involvesStatement ?one }
      GRAPH graph:derived { ?one euai:statedIn ?here ; euai:statedOn ?on }
      OPTIONAL {
        GRAPH ?weighed { ?discrepancy euai:involvesStatement ?two }
        GRAPH graph:derived { ?two euai:statedIn ?there ; euai:statedOn ?other }
        FILTER(?there != ?here)
      }
      BIND(IF(?other > ?on, ?other, ?on) AS ?both)
    }
    GROUP BY ?discrepancy
  }
  OPTIONAL {
    GRAPH ?typed { ?discrepancy euai:discrepancyType ?type }
    GRAPH ?listed { ?type euai:reconcilable true }
  }
  BIND(COALESCE(?apart, ?first) AS ?day)
  BIND(IF(BOUND(?type), euai:reconcilableFrom, euai:disputedFrom) AS ?known)
}
