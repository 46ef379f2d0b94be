-- What there is of a kind: bodies, initiatives, legal acts and so on.
-- For one kind change the class below.
SELECT thing_en AS thingLabel, short_en AS shortName, class_en AS kindLabel, COALESCE(also_en, '') AS alsoCalled
FROM things
WHERE class IN (SELECT class FROM classes WHERE above = 'https://w3id.org/euaikg/ontology#Entity')
ORDER BY thingLabel, kindLabel
