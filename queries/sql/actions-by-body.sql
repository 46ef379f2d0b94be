-- Who has how many actions to carry out, document by document.
SELECT byLabel, documentLabel, COUNT(DISTINCT action) AS actions, COUNT(DISTINCT dated) AS withTarget
FROM (
  SELECT DISTINCT edges.object AS by_whom, object_en AS byLabel, edges.document_iri,
    documents.document_en AS documentLabel, edges.subject AS action, targets.about AS dated
  FROM edges
  JOIN (SELECT DISTINCT document_iri, document_en FROM documents) AS documents
    ON documents.document_iri = edges.document_iri
  LEFT JOIN (
    SELECT DISTINCT about, document_iri
    FROM statements
    WHERE kind = 'https://w3id.org/euaikg/ontology#TargetStatement' AND stands AND day IS NOT NULL
  ) AS targets ON targets.about = edges.subject AND targets.document_iri = edges.document_iri
  WHERE relation = 'https://w3id.org/euaikg/ontology#responsibleBody' AND day IS NOT NULL
    AND edges.subject IN (SELECT thing FROM things WHERE class = 'https://w3id.org/euaikg/ontology#PlannedAction')
) AS actions
GROUP BY by_whom, byLabel, document_iri, documentLabel
ORDER BY actions DESC, byLabel, documentLabel
