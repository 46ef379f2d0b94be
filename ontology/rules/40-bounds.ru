# The range of figures that a hedged figure allows, by the factors of its qualifier.
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT { GRAPH graph:derived { ?statement euai:lowBound ?low ; euai:highBound ?high } }
WHERE {
  GRAPH ?passage {
    ?statement euai:qualifier ?qualifier .
    OPTIONAL { ?statement euai:amount ?amount }
    OPTIONAL { ?statement euai:numericValue ?number }
    OPTIONAL { ?statement euai:amountMin ?amountMin }
    OPTIONAL { ?statement euai:amountMax ?amountMax }
    OPTIONAL { ?statement euai:valueMin ?valueMin }
    OPTIONAL { ?statement euai:valueMax ?valueMax }
  }
  OPTIONAL { GRAPH ?lowering { ?qualifier euai:lowerFactor ?lower } }
  OPTIONAL { GRAPH ?raising { ?qualifier euai:upperFactor ?upper } }
  BIND(COALESCE(?amount, ?number) AS ?stated)
  BIND(xsd:decimal(COALESCE(?stated * ?lower, ?amountMin, ?valueMin)) AS ?low)
  BIND(xsd:decimal(COALESCE(?stated * ?upper, ?amountMax, ?valueMax)) AS ?high)
}
