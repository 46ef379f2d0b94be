-- Who holds which office, according to which document.
-- For one body add to the first WHERE: AND subject_en = 'European Commission'
WITH said AS (
  SELECT DISTINCT passage, subject, subject_en, relation, relation_en, object, object_en, modality_en, said_by_en, day,
    citation_en
  FROM edges
  WHERE day IS NOT NULL AND subject_en IS NOT NULL AND relation_en IS NOT NULL AND object_en IS NOT NULL
    AND relation = 'https://w3id.org/euaikg/ontology#hasMember'
    AND object IN (SELECT thing FROM things WHERE class = 'https://w3id.org/euaikg/ontology#Person')
),
roles AS (
  SELECT DISTINCT passage, subject, relation, object, role_en FROM edges WHERE role_en IS NOT NULL
),
conditions AS (
  SELECT DISTINCT passage, subject, relation, object, condition_en FROM edges WHERE condition_en IS NOT NULL
)
SELECT object_en AS personLabel, role_en AS role, subject_en AS thingLabel, modality_en AS modalityLabel,
  said_by_en AS saidBy, day AS statedOn, citation_en AS source
FROM (
  SELECT DISTINCT said.subject, subject_en, said.relation, relation_en, said.object, object_en, role_en, condition_en,
    modality_en, said_by_en, day, citation_en
  FROM said
  LEFT JOIN roles ON roles.passage = said.passage AND roles.subject = said.subject
    AND roles.relation = said.relation AND roles.object = said.object
  LEFT JOIN conditions ON conditions.passage = said.passage AND conditions.subject = said.subject
    AND conditions.relation = said.relation AND conditions.object = said.object
) AS found
ORDER BY personLabel, statedOn, source
