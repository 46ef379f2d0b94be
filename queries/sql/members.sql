-- Who belongs to a body, consortium, network or group, in what role, and from when until when.
-- For one of them add to the first WHERE: AND subject_en = 'European Commission'
WITH said AS (
  SELECT DISTINCT passage, subject, subject_en, relation, relation_en, object, object_en, modality_en, said_by_en, day,
    citation_en
  FROM edges
  WHERE day IS NOT NULL AND subject_en IS NOT NULL AND relation_en IS NOT NULL AND object_en IS NOT NULL
    AND relation IN (
      'https://w3id.org/euaikg/ontology#hasMember', 'https://w3id.org/euaikg/ontology#hasParticipant',
      'https://w3id.org/euaikg/ontology#participatingCountry', 'https://w3id.org/euaikg/ontology#hasApplicant'
    )
),
details AS (
  SELECT DISTINCT passage, subject, relation, object, role_en, condition_en, valid_from, valid_until
  FROM edges
  WHERE statement IS NOT NULL
)
SELECT subject_en AS thingLabel, relation_en AS relationLabel, object_en AS memberLabel, role_en AS role,
  condition_en AS condition, valid_from AS validFrom, valid_until AS validUntil, modality_en AS modalityLabel, said_by_en AS saidBy, citation_en AS source
FROM (
  SELECT DISTINCT said.subject, subject_en, said.relation, relation_en, said.object, object_en, role_en, condition_en,
    valid_from, valid_until, modality_en, said_by_en, day, citation_en
  FROM said
  LEFT JOIN details ON details.passage = said.passage AND details.subject = said.subject
    AND details.relation = said.relation AND details.object = said.object
) AS found
ORDER BY thingLabel, relationLabel, memberLabel, day, source, role, modalityLabel, saidBy, subject, object
