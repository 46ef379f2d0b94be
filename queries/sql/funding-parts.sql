-- The parts of a pot of money, with the figure stated for each and where.
-- For another pot change the IRI below.
WITH RECURSIVE whole AS (
  SELECT DISTINCT subject, object
  FROM edges
  WHERE relation = 'https://w3id.org/euaikg/ontology#hasComponent' AND stands
),
below (pot, depth) AS (
  SELECT 'https://w3id.org/euaikg/id/envelope/ai-innovation-package-total' AS pot, 0 AS depth
  UNION ALL
  SELECT whole.object, below.depth + 1 FROM below JOIN whole ON whole.subject = below.pot WHERE below.depth < 20
),
parts AS (SELECT DISTINCT pot FROM below)
SELECT partLabel, COUNT(*) OVER (PARTITION BY pot) AS potRows, amount, superseded, smallest, condition, modalityLabel, source
FROM (
  SELECT DISTINCT parts.pot, pot_en AS partLabel, amount, qualifier, low, high, currency, per_en, day,
    superseded_on IS NOT NULL AS superseded, parts.pot NOT IN (SELECT subject FROM whole) AS smallest,
    condition_en AS condition, modality_en AS modalityLabel, citation_en AS source
  FROM parts
  JOIN money ON money.pot = parts.pot
  WHERE stands AND currency IS NOT NULL AND day IS NOT NULL
) AS stated
ORDER BY partLabel, day, source, amount
