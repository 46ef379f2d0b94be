-- What is to be done by when, and what the graph knows of it.
-- For one year add: AND due BETWEEN DATE '2026-01-01' AND DATE '2026-12-31'
WITH stages AS (
  SELECT about, what, what_en, COALESCE(MAX(what_order), 0) AS height,
    MIN(CONCAT(CASE WHEN effective_in IS NULL THEN '2 ' ELSE '1 ' END, CAST(effective_from AS VARCHAR(10)))) AS since
  FROM statements
  WHERE kind = 'https://w3id.org/euaikg/ontology#StatusStatement'
    AND modality = 'https://w3id.org/euaikg/id/modality/asserted'
    AND stands AND effective_from IS NOT NULL AND day IS NOT NULL
  GROUP BY about, what, what_en
),
furthest AS (
  SELECT about, what_en,
    ROW_NUMBER() OVER (PARTITION BY about ORDER BY height DESC, SUBSTR(since, 3) DESC, what DESC) AS place
  FROM stages
),
responsible AS (
  SELECT passage, subject, STRING_AGG(DISTINCT object_en, '; ') AS names
  FROM edges
  WHERE relation IN (
    'https://w3id.org/euaikg/ontology#responsibleBody', 'https://w3id.org/euaikg/ontology#establishedBy'
  )
  GROUP BY passage, subject
)
SELECT about_en AS thingLabel, period, COALESCE(responsible.names, '') AS byLabels, modality_en AS modalityLabel,
  furthest.what_en AS latestStatus, dispute_en AS dispute, superseded_on AS supersededOn, citation_en AS source
FROM statements AS stated
LEFT JOIN furthest ON furthest.about = stated.about AND furthest.place = 1
LEFT JOIN responsible ON responsible.passage = stated.passage AND responsible.subject = stated.about
WHERE kind = 'https://w3id.org/euaikg/ontology#TargetStatement' AND stands AND day IS NOT NULL
ORDER BY due, thingLabel, day, source, latestStatus
