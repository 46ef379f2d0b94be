-- The documents read, with date, language and how much each says.
SELECT documents.document_en AS documentLabel, documents.language_en AS languageLabel,
  documents.completeness_en AS completenessLabel, MIN(passages.day) AS statedOn, documents.corrected AS corrected,
  COUNT(*) AS passages, COUNT(passages.without_fact) AS withoutFact, SUM(passages.facts) AS triples
FROM documents
JOIN passages ON passages.version = documents.version
WHERE documents.file IS NOT NULL AND passages.day IS NOT NULL
GROUP BY documents.document_iri, documents.document_en, documents.language_en, documents.corrected,
  passages.date_inferred, documents.file, documents.completeness_en, documents.excerpt_en
ORDER BY statedOn, documentLabel, languageLabel, documents.file
