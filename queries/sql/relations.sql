-- How a thing is related to others, in both directions, planned or real, and says who.
-- For one thing add to the first WHERE: AND (subject_en = 'European AI Office' OR object_en = 'European AI Office')
WITH said AS (
  SELECT DISTINCT passage, subject, subject_en, relation, relation_en, object, object_en, modality_en, said_by_en, day,
    citation_en
  FROM edges
  WHERE day IS NOT NULL AND subject_en IS NOT NULL AND relation_en IS NOT NULL AND object_en IS NOT NULL
),
details AS (
  SELECT DISTINCT passage, subject, relation, object, role_en, condition_en, valid_from, valid_until
  FROM edges
  WHERE statement IS NOT NULL
)
SELECT subject_en AS subjectLabel, relation_en AS relationLabel, object_en AS objectLabel, role_en AS role,
  condition_en AS condition, modality_en AS modalityLabel, said_by_en AS saidBy, citation_en AS source
FROM (
  SELECT DISTINCT said.subject, subject_en, said.relation, relation_en, said.object, object_en, role_en, condition_en,
    valid_from, valid_until, modality_en, said_by_en, day, citation_en
  FROM said
  LEFT JOIN details ON details.passage = said.passage AND details.subject = said.subject
    AND details.relation = said.relation AND details.object = said.object
) AS found
ORDER BY subjectLabel, relationLabel, objectLabel, day, source, role, modalityLabel, saidBy, subject, object
