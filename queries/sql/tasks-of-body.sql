-- What a body does or is to do, and how sure that is.
-- For one body add: AND task.subject_en = 'European AI Office'
SELECT thingLabel, relationLabel, taskLabel, role, condition, partOfLabel, modalityLabel, saidBy, source
FROM (
  SELECT DISTINCT task.subject, task.subject_en AS thingLabel, task.relation_en AS relationLabel, task.object,
    task.object_en AS taskLabel, task.role_en AS role, task.condition_en AS condition, whole.object_en AS partOfLabel,
    task.modality_en AS modalityLabel, task.said_by_en AS saidBy, task.day, task.citation_en AS source
  FROM edges AS task
  LEFT JOIN edges AS whole ON whole.passage = task.passage AND whole.subject = task.object
    AND whole.relation = 'https://w3id.org/euaikg/ontology#partOf' AND whole.object_en IS NOT NULL
  WHERE task.day IS NOT NULL
    AND task.relation IN (
      'https://w3id.org/euaikg/ontology#hasTask', 'https://w3id.org/euaikg/ontology#supervises',
      'https://w3id.org/euaikg/ontology#implements', 'https://w3id.org/euaikg/ontology#monitors',
      'https://w3id.org/euaikg/ontology#coordinates', 'https://w3id.org/euaikg/ontology#advises',
      'https://w3id.org/euaikg/ontology#supports', 'https://w3id.org/euaikg/ontology#provides'
    )
    AND task.subject IN (
      SELECT things.thing
      FROM things
      JOIN classes ON classes.class = things.class
      WHERE classes.above = 'https://w3id.org/euaikg/ontology#Body'
    )
) AS tasks
ORDER BY thingLabel, relationLabel, taskLabel, day, source
