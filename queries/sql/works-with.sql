-- Who works with whom.
-- For one of them add to the first WHERE: AND (subject_en = 'European AI Office' OR object_en = 'European AI Office')
WITH said AS (
  SELECT DISTINCT passage, subject, subject_en, relation, relation_en, object, object_en, modality_en, said_by_en, day,
    citation_en
  FROM edges
  WHERE day IS NOT NULL AND subject_en IS NOT NULL AND relation_en IS NOT NULL AND object_en IS NOT NULL
    AND relation = 'https://w3id.org/euaikg/ontology#cooperatesWith'
),
roles AS (
  SELECT DISTINCT passage, subject, relation, object, role_en FROM edges WHERE role_en IS NOT NULL
),
conditions AS (
  SELECT DISTINCT passage, subject, relation, object, condition_en FROM edges WHERE condition_en IS NOT NULL
)
SELECT subject_en AS subjectLabel, relation_en AS relationLabel, object_en AS objectLabel, role_en AS role,
  condition_en AS condition, modality_en AS modalityLabel, said_by_en AS saidBy, citation_en AS source
FROM (
  SELECT DISTINCT said.subject, subject_en, said.relation, relation_en, said.object, object_en, role_en, condition_en,
    modality_en, said_by_en, day, citation_en
  FROM said
  LEFT JOIN roles ON roles.passage = said.passage AND roles.subject = said.subject
    AND roles.relation = said.relation AND roles.object = said.object
  LEFT JOIN conditions ON conditions.passage = said.passage AND conditions.subject = said.subject
    AND conditions.relation = said.relation AND conditions.object = said.object
) AS found
ORDER BY subjectLabel, relationLabel, objectLabel, day, source, role, modalityLabel, saidBy, subject, object
