# The versions, each with files whose addresses and content stay; what is about the data set in general is left out.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX spdx: <http://spdx.org/rdf/terms#>

INSERT { ?version dcat:isVersionOf ?dataset } WHERE { ?dataset dcat:hasVersion ?version } ;

# The files of a version stand in a folder named by its number.
DELETE { ?version dcat:distribution ?file }
INSERT {
  ?version dcat:distribution ?kept .
  ?kept ?property ?same ; ?place ?address .
}
WHERE {
  ?dataset dcat:hasCurrentVersion ?version .
  ?version dcat:distribution ?file ; dcat:version ?number .
  BIND(IRI(REPLACE(STR(?file), "/distribution/", CONCAT("/distribution/", ?number, "/"))) AS ?kept)
  {
    ?file ?property ?same
    FILTER(!(?property IN (dcat:accessURL, dcat:downloadURL)))
  } UNION {
    VALUES ?place { dcat:accessURL dcat:downloadURL }
    ?file ?place ?latest
  }
  BIND(IRI(REPLACE(STR(?latest), "/([^/]+)$", CONCAT("/", ?number, "/$1"))) AS ?address)
} ;

DELETE { ?general ?property ?value }
WHERE {
  { ?general a dcat:Catalog } UNION { ?general a dcat:DataService } UNION { ?general dcat:hasVersion ?version }
  UNION { ?dataset dcat:hasVersion ?version ; dcat:distribution ?general }
  ?general ?property ?value .
}
