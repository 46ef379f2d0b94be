# What DCAT-AP 2.1.1 says in other terms than 3.0.1. Types of numbers and the digest differ too; those are written where they are computed.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

DELETE { ?thing dcat:version ?number } INSERT { ?thing owl:versionInfo ?number }
WHERE { ?thing dcat:version ?number } ;
DELETE { ?thing dcat:hasVersion ?version } INSERT { ?thing dct:hasVersion ?version }
WHERE { ?thing dcat:hasVersion ?version } ;
DELETE WHERE { ?thing dcat:hasCurrentVersion ?version } ;
DELETE { ?catalog dct:conformsTo ?profile . ?profile ?property ?value }
INSERT {
  ?catalog dct:conformsTo <https://github.com/SEMICeu/DCAT-AP/tree/master/releases/2.1.1> .
  <https://github.com/SEMICeu/DCAT-AP/tree/master/releases/2.1.1> a dct:Standard ; dct:title "DCAT-AP 2.1.1"@en .
}
WHERE { ?catalog a dcat:Catalog ; dct:conformsTo ?profile . ?profile ?property ?value }
