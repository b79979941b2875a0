"""Which rule names the outlet of an article, and what is said of rules that do nothing."""

import pytest

from indexer.cleaning.cleaner import clean
from indexer.corpus.roots import CorpusRoot, CorpusRoots
from indexer.documents import Finding, Metadata
from indexer.metadata.extract import find_metadata
from indexer.metadata.told import BY_LIST, BY_SET, Rule, Told, ToldReader, ToldValues, folder_name

STORY = (
    "The harbour of Saltmere stays closed until Thursday, its master said, because the storm has "
    "torn two of the moorings and a crane leans over the quay."
)
CREDITED = f"Harbour stays closed\n\n{STORY}\n\n© 2023 Saltmere Courier"


def told(*rules: Rule, outlet_from: str = "") -> ToldReader:
    return ToldReader(Told(rules, outlet_from=outlet_from))


def outlet(reader: ToldReader, path: str, text: str = STORY) -> str | None:
    values = reader.values(path, path.partition("#")[0], text)
    found = values.metadata.source or values.outlet
    return found.value if found else None


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("herald/**", "herald/2023/a.txt", True),
        ("herald/**", "old/herald/a.txt", False),
        ("**/herald/**", "old/herald/a.txt", True),
        ("herald", "old/herald/a.txt", True),
        ("herald/*.txt", "herald/2023/a.txt", False),
        ("*.txt", "herald/2023/a.txt", True),
        ("export.csv", "export.csv#17", True),
        ("all.zip#herald/**", "all.zip#herald/a.txt", True),
        ("all.zip#herald/**", "all.zip#planet/a.txt", False),
    ],
)
def test_patterns_match_as_in_gitignore(pattern: str, path: str, *, matches: bool) -> None:
    reader = told(Rule.of(pattern, "source", "The Herald"))
    assert outlet(reader, path) == ("The Herald" if matches else None)


def test_each_value_says_who_told_it() -> None:
    rules = (
        Rule.of("**", "outlet", "The Herald", BY_LIST),
        Rule.of("**", "language", "German"),
        Rule.of("**", "author", "Jane Doe; Ole Hansen"),
    )
    found = told(*rules).values("a.txt", "a.txt", STORY).metadata
    assert found.source == Finding("The Herald", "told by sources.csv")
    assert found.language == Finding("de", "told by --set")
    assert [author.value for author in found.authors] == ["Jane Doe", "Ole Hansen"]


def test_a_rule_counts_more_than_the_format_and_a_folder_only_more_than_the_text() -> None:
    cleaning = clean(CREDITED)
    by_format = Metadata(source=Finding("Coast Wire", "column source"))
    by_address = Metadata(url=Finding("https://www.coast.example.com/1", "link"))
    rule = ToldValues(Metadata(source=Finding("The Herald", BY_SET)))
    folder = ToldValues(outlet=Finding("herald", "name of the folder"))

    def source(given: Metadata, values: ToldValues) -> str | None:
        found = find_metadata(CREDITED, cleaning, given, values).source
        return found.value if found else None

    assert source(Metadata(), ToldValues()) == "Saltmere Courier"
    assert source(by_format, rule) == "The Herald"
    assert source(by_format, folder) == "Coast Wire"
    assert source(by_address, folder) == "example.com"
    assert source(Metadata(), folder) == "herald"


def test_the_last_of_two_rules_counts_and_the_user_is_told_once() -> None:
    first = Rule.of("**", "source", "Everybody", BY_LIST)
    reader = told(first, Rule.of("herald/**", "source", "The Herald"))
    assert outlet(reader, "herald/a.txt") == outlet(reader, "herald/b.txt") == "The Herald"
    assert outlet(reader, "c.txt") == "Everybody"
    assert reader.notes([]) == [
        "2 articles match both ** source=Everybody (sources.csv) and herald/** source=The Herald "
        "(--set); the last counts"
    ]


def test_equal_values_are_no_conflict() -> None:
    reader = told(Rule.of("**", "source", "A"), Rule.of("*.txt", "source", "A"))
    assert outlet(reader, "a.txt") == "A"
    assert reader.notes([]) == []


def test_a_pattern_that_matches_no_file_is_told() -> None:
    reader = told(Rule.of("heralt/**", "source", "A"), Rule.of("b/**", "source", "B"))
    assert outlet(reader, "herald/a.txt") is None
    assert reader.notes(["herald/a.txt", "b/skipped.pdf"]) == [
        "no article matches heralt/** source=A (--set)"
    ]


@pytest.mark.parametrize(
    ("pattern", "field", "value", "message"),
    [
        ("a/**", "publisher", "A", "unknown field 'publisher'; use source, language, author"),
        ("", "source", "A", "'' is no pattern of paths"),
        ("!a", "source", "A", "'!a' is no pattern"),
        ("/", "source", "A", "'/' is no pattern"),
        ("a", "language", "Klingonese", "unknown language 'Klingonese'"),
        ("a", "source", "A" * 501, "source has 501 characters; at most 500 fit"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    pattern: str, field: str, value: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Rule.of(pattern, field, value)


def test_later_rules_replace_those_of_the_same_pattern_and_a_list_the_whole_list() -> None:
    old = (
        Rule.of("a", "source", "A", BY_LIST),
        Rule.of("b", "source", "B", BY_LIST),
        Rule.of("c", "source", "C"),
        Rule.of("d", "source", "D"),
    )
    new = (Rule.of("c", "source", "C2"), Rule.of("d", "source", ""))
    before = Told(old, outlet_from="folder")
    assert before.changed(None, ()) == before
    changed = before.changed(None, new)
    assert [rule.value for rule in changed.rules] == ["A", "B", "C2"]
    assert changed.outlet_from == "folder"
    assert before.changed("", new).changed("", new) == before.changed("", new)
    listed = before.changed(None, [Rule.of("e", "source", "E", BY_LIST)])
    assert [rule.value for rule in listed.rules] == ["E", "C", "D"]


@pytest.mark.parametrize(
    ("path", "file", "name"),
    [
        ("herald/a.txt", "herald/a.txt", "herald"),
        ("herald/2023/10/a.txt", "herald/2023/10/a.txt", "herald"),
        ("herald/Oct-2023/a.txt", "herald/Oct-2023/a.txt", "herald"),
        ("uk/Daily Planet/a.txt", "uk/Daily Planet/a.txt", "Daily Planet"),
        ("20 Minuten/a.txt", "20 Minuten/a.txt", "20 Minuten"),
        ("x/a.warc.gz#https://b.example/c/1", "x/a.warc.gz", "x"),
        ("x/a.tar.gz#planet/2023/b.csv#7", "x/a.tar.gz", "planet"),
        ("a.txt", "a.txt", "saltmere"),
        ("2023/a.txt", "2023/a.txt", "saltmere"),
    ],
)
def test_an_outlet_is_the_nearest_folder_that_is_no_date(path: str, file: str, name: str) -> None:
    roots = CorpusRoots((CorpusRoot("/news/saltmere"),))
    assert folder_name(path, file, roots) == name


def test_the_line_that_articles_of_a_folder_share_is_their_outlet() -> None:
    texts = {
        "p/a.txt": f"Bridge closed\nPlanet Morning News\n12 March 2022\n\n{STORY}",
        "p/b.txt": f"Ferry runs\r\nBy Ida Brandt\r\nPlanet Morning News\r\n\r\n{STORY}",
        "p/c.txt": f"Harbour dredged\nNo date for the works yet\n\n{STORY}",
        "q/d.txt": f"Mill sold\nQuarry Gazette\n\n{STORY}",
    }
    reader = told(outlet_from="line")
    for path, text in texts.items():
        reader.count_lines(path, path, text)
    found = {path: reader.values(path, path, text).outlet for path, text in texts.items()}
    for path in ("p/a.txt", "p/b.txt"):
        finding = found[path]
        assert finding is not None
        assert finding.value == "Planet Morning News"
        assert texts[path][finding.start : finding.end] == finding.value
    assert found["p/c.txt"] is None
    assert found["q/d.txt"] is None
