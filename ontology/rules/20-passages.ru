# Each passage: its document, its date, and a citation that people can read in English and in Dutch. A section is cited
# by its number, or by its heading in the language of the citation; an article and a recital as lawyers do; a
# passage that translates another is cited with its language. What a correction touches is known from its day: the
# passages that say so, or else all of the text.
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
  GRAPH ?typed { ?passage a euai:Passage }
  GRAPH ?read { ?passage euai:inExpression ?expression }
  GRAPH ?versions { ?expression euai:expressionOf ?document }
  OPTIONAL { GRAPH ?touches { ?passage dct:modified ?touched } }
  OPTIONAL {
    GRAPH ?corrections { ?expression dct:modified ?whole }
    FILTER NOT EXISTS {
      GRAPH ?others { ?other euai:inExpression ?expression }
      GRAPH ?parts { ?other dct:modified ?partly }
    }
  }
  OPTIONAL { GRAPH ?issues { ?expression dct:issued ?issued } }
  OPTIONAL { GRAPH ?inferences { ?expression euai:notBefore ?notBefore } }
  BIND(COALESCE(?touched, ?whole) AS ?corrected)
  BIND(COALESCE(?corrected, ?issued, ?notBefore) AS ?date)
  BIND(IF(!BOUND(?corrected) && !BOUND(?issued) && BOUND(?notBefore), true, ?unbound) AS ?inferred)
  OPTIONAL { GRAPH ?named { ?document skos:prefLabel ?titleEn FILTER(LANG(?titleEn) = "en") } }
  OPTIONAL { GRAPH ?translated { ?document skos:prefLabel ?titleNl FILTER(LANG(?titleNl) = "nl") } }
  OPTIONAL {
    GRAPH ?aligned { ?passage euai:translates ?same }
    GRAPH ?held { ?passage euai:inExpression ?expression } # else each such passage is put beside each version
    GRAPH ?spoken { ?expression dct:language ?language }
    BIND(REPLACE(STR(?language), "^.*/", "") AS ?languageCode)
    OPTIONAL { GRAPH ?called { ?language skos:prefLabel ?languageEn FILTER(LANG(?languageEn) = "en") } }
    OPTIONAL { GRAPH ?calledToo { ?language skos:prefLabel ?languageNl FILTER(LANG(?languageNl) = "nl") } }
  }
  OPTIONAL { GRAPH ?short { ?document euai:shortName ?shortEn FILTER(LANG(?shortEn) = "en") } }
  OPTIONAL { GRAPH ?shortened { ?document euai:shortName ?shortNl FILTER(LANG(?shortNl) = "nl") } }
  OPTIONAL { GRAPH ?annexes { ?passage euai:annex ?annex } }
  OPTIONAL { GRAPH ?sections { ?passage euai:section ?section } }
  OPTIONAL { GRAPH ?paragraphs { ?passage euai:paragraph ?paragraph } }
  OPTIONAL {
    GRAPH ?wholes { ?part dct:isPartOf ?expression }
    GRAPH ?parts { ?part euai:section ?partSection }
    GRAPH ?headings { ?part dct:title ?headEn FILTER(LANG(?headEn) = "en") }
    GRAPH ?translatedHeadings { ?part dct:title ?headNl FILTER(LANG(?headNl) = "nl") }
    OPTIONAL { GRAPH ?partAnnexes { ?part euai:annex ?partAnnex } }
    FILTER(?partSection = ?section && COALESCE(?partAnnex, "") = COALESCE(?annex, ""))
  }
  BIND(REGEX(?section, "^[0-9]") AS ?isNumber)
  BIND(IF(?isNumber, ?section, COALESCE(STR(?headEn), ?section)) AS ?titleOfEn)
  BIND(IF(?isNumber, ?section, COALESCE(STR(?headNl), ?section)) AS ?titleOfNl)
  BIND(STRSTARTS(?section, "Article ") AS ?isArticle)
  BIND(?section = "recitals" AS ?isRecital)
  BIND(IF(?isArticle, CONCAT(", ", ?section), IF(?isRecital, "", CONCAT(IF(STRSTARTS(?titleOfEn, "Article "), ", ", ", section "), ?titleOfEn))) AS ?sectionEn)
  BIND(IF(?isArticle, CONCAT(", artikel ", SUBSTR(?section, 9)), IF(?isRecital, "", CONCAT(IF(STRSTARTS(?titleOfNl, "Artikel "), ", ", ", punt "), ?titleOfNl))) AS ?sectionNl)
  OPTIONAL { GRAPH ?items { ?passage euai:item ?item } }
  OPTIONAL { GRAPH ?rows { ?passage euai:tableRow ?row } }
  OPTIONAL { GRAPH ?footnotes { ?passage euai:footnote ?footnote } }
  BIND(STRLANG(CONCAT(
    STR(COALESCE(?shortEn, ?titleEn)),
    IF(BOUND(?language), CONCAT(" (", STR(COALESCE(?languageEn, ?languageCode)), ")"), ""),
    IF(BOUND(?annex), CONCAT(", annex ", ?annex), ""),
    COALESCE(?sectionEn, ""),
    IF(BOUND(?paragraph), CONCAT(IF(COALESCE(?isRecital, false), ", recital ", ", paragraph "), STR(?paragraph)), ""),
    IF(BOUND(?item), CONCAT(", item ", ?item), ""),
    IF(BOUND(?row), CONCAT(", row ", STR(?row)), ""),
    IF(BOUND(?footnote), CONCAT(", footnote ", STR(?footnote)), ""),
    IF(BOUND(?touched), CONCAT(", corrected ", STR(?touched)), "")
  ), "en") AS ?english)
  BIND(STRLANG(CONCAT(
    STR(COALESCE(?shortNl, ?titleNl)),
    IF(BOUND(?language), CONCAT(" (", STR(COALESCE(?languageNl, ?languageCode)), ")"), ""),
    IF(BOUND(?annex), CONCAT(", bijlage ", ?annex), ""),
    COALESCE(?sectionNl, ""),
    IF(BOUND(?paragraph), CONCAT(IF(COALESCE(?isRecital, false), ", overweging ", ", alinea "), STR(?paragraph)), ""),
    IF(BOUND(?item), CONCAT(", onderdeel ", ?item), ""),
    IF(BOUND(?row), CONCAT(", rij ", STR(?row)), ""),
    IF(BOUND(?footnote), CONCAT(", voetnoot ", STR(?footnote)), ""),
    IF(BOUND(?touched), CONCAT(", gecorrigeerd ", STR(?touched)), "")
  ), "nl") AS ?dutch)
}
