-- Which supercomputers, factories and facilities there are or are to be, where, and who runs them.
-- What nothing of this is stated of has a row of its own.
WITH sites AS (
  SELECT things.thing, things.thing_en, things.class_en
  FROM things
  JOIN classes ON classes.class = things.class
  WHERE classes.above = 'https://w3id.org/euaikg/ontology#Infrastructure'
),
said AS (
  SELECT DISTINCT subject, relation_en, object, object_en, modality_en, day, citation_en
  FROM edges
  WHERE day IS NOT NULL AND relation IN (
    'https://w3id.org/euaikg/ontology#locatedIn', 'https://w3id.org/euaikg/ontology#hostCountry',
    'https://w3id.org/euaikg/ontology#hostedBy', 'https://w3id.org/euaikg/ontology#partOf',
    'https://w3id.org/euaikg/ontology#establishedBy', 'https://w3id.org/euaikg/ontology#participatingCountry',
    'https://w3id.org/euaikg/ontology#responsibleBody', 'https://w3id.org/euaikg/ontology#provides'
  )
)
SELECT thingLabel, kindLabel, relationLabel, otherLabel, modalityLabel, source
FROM (
  SELECT DISTINCT sites.thing, thing_en AS thingLabel, class_en AS kindLabel, relation_en AS relationLabel, object,
    object_en AS otherLabel, modality_en AS modalityLabel, day, citation_en AS source
  FROM sites
  LEFT JOIN said ON said.subject = sites.thing
) AS found
ORDER BY thingLabel, relationLabel, otherLabel, day, source
