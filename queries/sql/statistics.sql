-- Which numbers the documents state, of what population, and from whom they have them.
SELECT about_en AS thingLabel, what_en AS measureLabel, holders.object_en AS holderLabel, stated.value,
  COALESCE(period, as_of) AS period, stated.condition_en AS condition, stated.modality_en AS modalityLabel,
  stated.citation_en AS source
FROM statements AS stated
LEFT JOIN edges AS holders ON holders.subject = stated.statement
  AND holders.relation = 'https://w3id.org/euaikg/ontology#heldBy' AND holders.object_en IS NOT NULL
WHERE kind = 'https://w3id.org/euaikg/ontology#QuantityStatement' AND stated.stands AND stated.day IS NOT NULL
ORDER BY measureLabel, thingLabel, population_en, stated.day, source, low, period
