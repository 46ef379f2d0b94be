# Each passage: its document, its date, and a citation that people can read in English and in Dutch. A section is cited
# by its number, or by its heading in the language of the citation.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX graph: <https://w3id.org/euaikg/graph/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT {
  GRAPH graph:derived {
    ?passage euai:statedAt ?document ;
      euai:statedOn ?date ;
      euai:dateInferred ?inferred ;
      dct:bibliographicCitation ?english , ?dutch .
  }
}
WHERE {
  GRAPH ?described { ?passage a euai:Passage ; euai:inExpression ?expression }
  GRAPH ?versions {
    ?expression euai:expressionOf ?document .
    OPTIONAL { ?expression dct:modified ?corrected }
    OPTIONAL { ?expression dct:issued ?issued }
    OPTIONAL { ?expression euai:notBefore ?notBefore }
  }
  BIND(COALESCE(?corrected, ?issued, ?notBefore) AS ?date)
  BIND(IF(!BOUND(?corrected) && !BOUND(?issued) && BOUND(?notBefore), true, ?unbound) AS ?inferred)
  GRAPH ?named { ?document skos:prefLabel ?titleEn FILTER(LANG(?titleEn) = "en") }
  GRAPH ?namedNl { ?document skos:prefLabel ?titleNl FILTER(LANG(?titleNl) = "nl") }
  OPTIONAL { GRAPH ?short { ?document euai:shortName ?shortEn FILTER(LANG(?shortEn) = "en") } }
  OPTIONAL { GRAPH ?shortened { ?document euai:shortName ?shortNl FILTER(LANG(?shortNl) = "nl") } }
  OPTIONAL { GRAPH ?described { ?passage euai:annex ?annex } }
  OPTIONAL { GRAPH ?described { ?passage euai:section ?section } }
  OPTIONAL { GRAPH ?described { ?passage euai:paragraph ?paragraph } }
  OPTIONAL {
    GRAPH ?headed { ?part a euai:Section ; dct:isPartOf ?expression ; euai:section ?headed_ ; dct:title ?headEn , ?headNl }
    OPTIONAL { GRAPH ?headed { ?part euai:annex ?partAnnex } }
    FILTER(?headed_ = ?section && COALESCE(?partAnnex, "") = COALESCE(?annex, ""))
    FILTER(LANG(?headEn) = "en" && LANG(?headNl) = "nl")
  }
  BIND(REGEX(?section, "^[0-9]") AS ?isNumber)
  BIND(IF(?isNumber, ?section, COALESCE(STR(?headEn), ?section)) AS ?sectionEn)
  BIND(IF(?isNumber, ?section, COALESCE(STR(?headNl), ?section)) AS ?sectionNl)
  OPTIONAL { GRAPH ?described { ?passage euai:item ?item } }
  OPTIONAL { GRAPH ?described { ?passage euai:tableRow ?row } }
  OPTIONAL { GRAPH ?described { ?passage euai:footnote ?footnote } }
  BIND(STRLANG(CONCAT(
    STR(COALESCE(?shortEn, ?titleEn)),
    IF(BOUND(?annex), CONCAT(", annex ", ?annex), ""),
    IF(BOUND(?sectionEn), CONCAT(", section ", ?sectionEn), ""),
    IF(BOUND(?paragraph), CONCAT(", paragraph ", STR(?paragraph)), ""),
    IF(BOUND(?item), CONCAT(", item ", ?item), ""),
    IF(BOUND(?row), CONCAT(", row ", STR(?row)), ""),
    IF(BOUND(?footnote), CONCAT(", footnote ", STR(?footnote)), "")
  ), "en") AS ?english)
  BIND(STRLANG(CONCAT(
    STR(COALESCE(?shortNl, ?titleNl)),
    IF(BOUND(?annex), CONCAT(", bijlage ", ?annex), ""),
    IF(BOUND(?sectionNl), CONCAT(", punt ", ?sectionNl), ""),
    IF(BOUND(?paragraph), CONCAT(", alinea ", STR(?paragraph)), ""),
    IF(BOUND(?item), CONCAT(", onderdeel ", ?item), ""),
    IF(BOUND(?row), CONCAT(", rij ", STR(?row)), ""),
    IF(BOUND(?footnote), CONCAT(", voetnoot ", STR(?footnote)), "")
  ), "nl") AS ?dutch)
}
