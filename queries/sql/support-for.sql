-- What support there is or is to be for a group, such as startups, and who provides it.
-- For startups, scale-ups and small and medium-sized companies; for others change the IRIs below.
WITH providers AS (
  SELECT object AS thing, STRING_AGG(DISTINCT subject_en, '; ') AS names
  FROM edges
  WHERE relation = 'https://w3id.org/euaikg/ontology#provides' AND day IS NOT NULL
  GROUP BY object
),
stages AS (
  SELECT about, what_en,
    ROW_NUMBER() OVER (PARTITION BY about ORDER BY COALESCE(what_order, 0) DESC, what_en DESC) AS place
  FROM statements
  WHERE kind = 'https://w3id.org/euaikg/ontology#StatusStatement'
    AND modality = 'https://w3id.org/euaikg/id/modality/asserted'
    AND stands AND day IS NOT NULL AND what_en IS NOT NULL
)
SELECT said.object_en AS forLabel, things.thing_en AS thingLabel, things.class_en AS kindLabel,
  COALESCE(providers.names, '') AS byLabels, COALESCE(stages.what_en, '') AS statusLabels,
  said.modality_en AS modalityLabel, said.citation_en AS source
FROM (
  SELECT DISTINCT subject, object, object_en, modality_en, day, passage, citation_en
  FROM edges
  WHERE relation = 'https://w3id.org/euaikg/ontology#targetGroup' AND day IS NOT NULL
    AND object IN (
      'https://w3id.org/euaikg/id/body/ai-innovators', 'https://w3id.org/euaikg/id/body/ai-scale-ups',
      'https://w3id.org/euaikg/id/body/ai-smes', 'https://w3id.org/euaikg/id/body/ai-startups',
      'https://w3id.org/euaikg/id/body/european-startups', 'https://w3id.org/euaikg/id/body/generative-ai-startups',
      'https://w3id.org/euaikg/id/body/scale-ups', 'https://w3id.org/euaikg/id/body/smes'
    )
) AS said
JOIN things ON things.thing = said.subject
LEFT JOIN providers ON providers.thing = said.subject
LEFT JOIN stages ON stages.about = said.subject AND stages.place = 1
WHERE things.class IN (
  'https://w3id.org/euaikg/ontology#SupportService', 'https://w3id.org/euaikg/ontology#Call',
  'https://w3id.org/euaikg/ontology#FinancialInstrument', 'https://w3id.org/euaikg/ontology#FundingProgramme',
  'https://w3id.org/euaikg/ontology#TestingFacility', 'https://w3id.org/euaikg/ontology#Infrastructure',
  'https://w3id.org/euaikg/ontology#Network', 'https://w3id.org/euaikg/ontology#Initiative',
  'https://w3id.org/euaikg/ontology#PolicyPackage', 'https://w3id.org/euaikg/ontology#DataSpace',
  'https://w3id.org/euaikg/ontology#Supercomputer'
)
ORDER BY thingLabel, forLabel, said.day, source, modalityLabel
