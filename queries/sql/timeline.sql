-- One thing along time: its stages, targets and figures across all documents.
-- For another thing change the IRI below.
WITH asked AS (SELECT 'https://w3id.org/euaikg/id/initiative/genai4eu' AS thing)
SELECT on_day AS day, label, value, period, condition, modalityLabel, dispute, source
FROM (
  SELECT
    CASE kind
      WHEN 'https://w3id.org/euaikg/ontology#StatusStatement' THEN COALESCE(effective_from, day)
      WHEN 'https://w3id.org/euaikg/ontology#TargetStatement' THEN COALESCE(due, day)
      ELSE day
    END AS on_day,
    what_en AS label, value, period, condition_en AS condition, modality_en AS modalityLabel, dispute_en AS dispute,
    citation_en AS source
  FROM statements
  JOIN asked ON asked.thing = statements.about
  WHERE stands AND day IS NOT NULL AND kind IN (
    'https://w3id.org/euaikg/ontology#StatusStatement', 'https://w3id.org/euaikg/ontology#TargetStatement',
    'https://w3id.org/euaikg/ontology#QuantityStatement'
  )
  UNION ALL
  SELECT day, mode_en, amount, period, condition_en, modality_en, dispute_en, citation_en
  FROM money
  WHERE stands AND day IS NOT NULL AND pot IN (
    SELECT subject
    FROM edges
    JOIN asked ON asked.thing = edges.object
    WHERE relation = 'https://w3id.org/euaikg/ontology#finances' AND stands
  )
) AS dated
ORDER BY day, label, period, source, value
