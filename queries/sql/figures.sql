-- Every figure stated for a thing, money or not, with its hedge and its place.
-- A pot counts for what it finances too.
-- For one thing add at the end, before ORDER BY: WHERE thingLabel = 'GenAI4EU'
SELECT thingLabel, what, envelopeLabel, holderLabel, value, period, condition, modalityLabel, dispute, source
FROM (
  SELECT pot_en AS thingLabel, mode_en AS what, NULL AS envelopeLabel, NULL AS holderLabel, amount AS value, period,
    condition_en AS condition, modality_en AS modalityLabel, dispute_en AS dispute, citation_en AS source, day
  FROM money
  WHERE stands AND currency IS NOT NULL AND mode_en IS NOT NULL AND day IS NOT NULL
  UNION ALL
  SELECT financed.object_en, mode_en, pot_en, NULL, amount, period, condition_en, modality_en, dispute_en, citation_en,
    day
  FROM money
  JOIN (
    SELECT DISTINCT subject, object, object_en
    FROM edges
    WHERE relation = 'https://w3id.org/euaikg/ontology#finances' AND stands
  ) AS financed ON financed.subject = money.pot
  WHERE stands AND currency IS NOT NULL AND mode_en IS NOT NULL AND day IS NOT NULL
  UNION ALL
  SELECT about_en, what_en, NULL, holders.object_en, stated.value, period, stated.condition_en, stated.modality_en,
    dispute_en, stated.citation_en, stated.day
  FROM statements AS stated
  LEFT JOIN edges AS holders ON holders.subject = stated.statement
    AND holders.relation = 'https://w3id.org/euaikg/ontology#heldBy' AND holders.object_en IS NOT NULL
  WHERE kind = 'https://w3id.org/euaikg/ontology#QuantityStatement'
    AND stated.stands AND what_en IS NOT NULL AND unit_en IS NOT NULL AND stated.day IS NOT NULL
) AS figures
ORDER BY thingLabel, what, day, source, value
