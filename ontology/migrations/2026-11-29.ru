# Moves data in the terms of the ontology before 29 November 2026 to those since, as far as nobody has to read the source
# again for it.
#
# Who took part in an event was its target group, and is a participant now. That can be told from the data.
# A passage with the modality planned or conditional keeps it: which of the narrower codes it has, only its words tell.
# The broad codes stay valid, questions count them, and "euaikg validate" warns of each passage that still has one. That
# a thing deals with a topic (euai:concerns) stays too, even where the passage means an effect on it (euai:increases ...).
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <urn:migration:events> { ?event a euai:Event } }
WHERE {
  { { ?event ?property ?value } UNION { GRAPH ?graph { ?event ?property ?value } } }
  FILTER(STRSTARTS(STR(?event), "https://w3id.org/euaikg/id/event/") || (?property = rdf:type && ?value IN (euai:Event, euai:Dialogue)))
} ;

DELETE { ?event euai:targetGroup ?who }
INSERT { ?event euai:hasParticipant ?who }
WHERE { ?event euai:targetGroup ?who . GRAPH <urn:migration:events> { ?event a euai:Event } } ;

DELETE { GRAPH ?graph { ?event euai:targetGroup ?who } }
INSERT { GRAPH ?graph { ?event euai:hasParticipant ?who } }
WHERE { GRAPH ?graph { ?event euai:targetGroup ?who } GRAPH <urn:migration:events> { ?event a euai:Event } } ;

DELETE { ?statement rdf:predicate euai:targetGroup }
INSERT { ?statement rdf:predicate euai:hasParticipant }
WHERE {
  ?statement rdf:predicate euai:targetGroup ; rdf:subject ?event .
  GRAPH <urn:migration:events> { ?event a euai:Event }
} ;

DELETE { GRAPH ?graph { ?statement rdf:predicate euai:targetGroup } }
INSERT { GRAPH ?graph { ?statement rdf:predicate euai:hasParticipant } }
WHERE {
  GRAPH ?graph { ?statement rdf:predicate euai:targetGroup ; rdf:subject ?event }
  GRAPH <urn:migration:events> { ?event a euai:Event }
} ;

DROP SILENT GRAPH <urn:migration:events>
