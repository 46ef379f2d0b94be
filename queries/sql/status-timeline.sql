-- The stages a thing has reached or is to reach, in their order.
-- For one thing add: AND about_en = 'AI Act'
SELECT thingLabel, statusLabel, since, actorLabel, modalityLabel, saidBy, dispute, supersededOn, source
FROM (
  SELECT DISTINCT about, about_en AS thingLabel, what_en AS statusLabel, what_order, since_en AS since, effective_in,
    effective_from, actors.object_en AS actorLabel, stated.modality_en AS modalityLabel,
    stated.said_by_en AS saidBy, dispute_en AS dispute, stated.superseded_on AS supersededOn, stated.day, stated.date_inferred,
    stated.citation_en AS source
  FROM statements AS stated
  LEFT JOIN edges AS actors ON actors.subject = stated.statement
    AND actors.relation = 'https://w3id.org/euaikg/ontology#actor' AND actors.object_en IS NOT NULL
  WHERE kind = 'https://w3id.org/euaikg/ontology#StatusStatement' AND stated.stands AND stated.day IS NOT NULL
) AS stages
ORDER BY thingLabel, about, what_order, since, day, source, statusLabel, actorLabel, modalityLabel, effective_in
