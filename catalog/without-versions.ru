# Harvesters make a package of every dcat:Dataset; so the versions, which are some, stand in a file of their own.
PREFIX dcat: <http://www.w3.org/ns/dcat#>

DELETE { ?version ?property ?value . ?dataset ?link ?version }
WHERE {
  ?dataset dcat:hasVersion ?version ; ?link ?version .
  ?version ?property ?value .
}
