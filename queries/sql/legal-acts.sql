-- The legal acts in the graph, what they amend or establish, and where that stands.
WITH acts AS (
  SELECT things.thing
  FROM things
  JOIN classes ON classes.class = things.class
  WHERE classes.above = 'https://w3id.org/euaikg/ontology#Law'
),
said AS (
  SELECT DISTINCT subject, subject_en, relation, relation_en, object, COALESCE(object_en, object, value) AS named,
    language, modality_en, day, passage, citation_en
  FROM edges
  WHERE day IS NOT NULL
)
SELECT subject_en AS subjectLabel, relation_en AS relationLabel, named AS objectLabel, modality_en AS modalityLabel,
  citation_en AS source
FROM (
  SELECT said.* FROM said JOIN acts ON acts.thing = said.subject
  WHERE relation <> 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
  UNION ALL
  SELECT said.* FROM said JOIN acts ON acts.thing = said.object
  WHERE relation IN (
    'https://w3id.org/euaikg/ontology#establishedBy', 'https://w3id.org/euaikg/ontology#legalBasis',
    'https://w3id.org/euaikg/ontology#amends', 'https://w3id.org/euaikg/ontology#repeals',
    'https://w3id.org/euaikg/ontology#complements'
  ) AND said.subject NOT IN (SELECT thing FROM acts)
) AS found
ORDER BY subjectLabel, relationLabel, objectLabel, day, source
