-- The largest amounts of money in one currency.
-- What is so much per year or the like is no sum.
SELECT pot_en AS envelopeLabel, COUNT(*) OVER (PARTITION BY pot) AS potRows, amount, mode_en AS modeLabel,
  funders_en AS byLabels, condition_en AS condition, modality_en AS modalityLabel, dispute_en AS dispute, citation_en AS source
FROM money
WHERE stands AND day IS NOT NULL AND currency = 'EUR' AND per_en IS NULL
ORDER BY COALESCE(high, low) DESC, envelopeLabel, day, source
