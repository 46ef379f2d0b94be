-- Which figure was replaced by which later one.
WITH figures AS (
  SELECT statement, about, about_en, value AS figure, qualifier_en, unit_en AS unit, per_en, day,
    citation_en
  FROM statements
  WHERE stands
  UNION ALL
  SELECT statement, pot, pot_en, amount, qualifier_en, currency, per_en, day, citation_en
  FROM money
  WHERE stands
)
SELECT aboutLabel, before, beforeOn, beforeSource, after, afterOn, afterSource
FROM (
  SELECT DISTINCT later.about, later.about_en AS aboutLabel, earlier.figure AS before, earlier.day AS beforeOn,
    earlier.citation_en AS beforeSource, later.figure AS after, later.qualifier_en, later.day AS afterOn,
    later.citation_en AS afterSource, later.unit, later.per_en
  FROM edges
  JOIN figures AS later ON later.statement = edges.subject
  JOIN figures AS earlier ON earlier.statement = edges.object
  WHERE edges.relation = 'https://w3id.org/euaikg/ontology#supersedesStatement'
    AND later.day IS NOT NULL AND earlier.day IS NOT NULL
) AS replaced
ORDER BY aboutLabel, afterOn
