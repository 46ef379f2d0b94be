# What follows from the description and need not be written down twice.
PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# The data set in general was issued with its first version and modified with its current one.
INSERT { ?thing dct:issued ?first ; dct:modified ?last }
WHERE {
  { SELECT ?dataset (MIN(?issued) AS ?first) (MAX(?issued) AS ?last)
    WHERE { ?dataset dcat:hasVersion/dct:issued ?issued } GROUP BY ?dataset }
  ?catalog dcat:dataset ?dataset .
  VALUES ?kind { dcat:Catalog dcat:Dataset }
  ?thing a ?kind .
  FILTER(?thing = ?catalog || ?thing = ?dataset)
} ;

# It is in the state of its current version.
INSERT { ?dataset dcat:version ?number ; adms:versionNotes ?notes }
WHERE { ?dataset dcat:hasCurrentVersion ?version . ?version dcat:version ?number ; adms:versionNotes ?notes } ;

# What holds of the data set holds of each version, and its files are those of the current one.
INSERT { ?version ?property ?value ; dct:identifier ?identifier ; dct:modified ?issued }
WHERE {
  VALUES ?property {
    dct:accessRights dct:accrualPeriodicity dct:conformsTo dct:creator dct:description dct:language dct:license
    dct:provenance dct:publisher dct:rights dct:spatial dct:temporal
    dcat:contactPoint dcat:keyword dcat:landingPage dcat:theme
  }
  ?dataset dcat:hasVersion ?version ; ?property ?value .
  ?version dct:issued ?issued .
  BIND(STR(?version) AS ?identifier)
} ;
INSERT { ?version dcat:distribution ?file . ?file dct:issued ?issued ; dct:modified ?issued }
WHERE {
  ?dataset dcat:hasCurrentVersion ?version ; dcat:distribution ?file .
  ?version dct:issued ?issued
} ;

# A file has the languages, licence and rights of the data set.
INSERT { ?file ?property ?value }
WHERE {
  VALUES ?property { dct:language dct:license dct:rights }
  ?dataset dcat:hasVersion ?version ; dcat:distribution ?file ; ?property ?value .
} ;

# Only what is described is typed: codes that nothing points to are left out.
DELETE { ?code ?property ?value }
WHERE {
  ?code ?property ?value .
  FILTER NOT EXISTS { ?other ?points ?code }
  FILTER NOT EXISTS { ?code a dcat:Catalog }
}
