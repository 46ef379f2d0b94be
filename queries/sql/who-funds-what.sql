-- Who pays for what, through whom, how much, and says who.
-- For one funder add: AND funders_en LIKE '%European Union%'
SELECT pot_en AS envelopeLabel, COUNT(*) OVER (PARTITION BY pot) AS potRows, amount, mode_en AS modeLabel,
  funders_en AS byLabels, condition_en AS condition, modality_en AS modalityLabel, dispute_en AS dispute, citation_en AS source
FROM money
WHERE stands AND day IS NOT NULL AND currency IS NOT NULL
ORDER BY envelopeLabel, day, source, period, amount, low, modeLabel
