"""Sentences put otherwise, and sections that get another heading at the same time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from captures import compared, reading_of, said

from ratewire.compare.align import align

LANGUAGES = {
    "en": (
        ("Fixed plan", "The monthly subscription is ${}/month payable by credit card.",
         "Further seats are $8/month."),
        ("Monthly plan for crews", "If your crew is big, a fixed monthly subscription is available "
         "for ${}/month payable by credit card.", "Further seats are $8/month."),
    ),
    "de": (
        ("Festpreis", "Das Abonnement kostet {} €/Monat zahlbar mit jeder Karte.",
         "Weitere Plätze kosten 8 €/Monat."),
        ("Für Gruppen", "Für große Gruppen gilt: das Abonnement kostet {} €/Monat zahlbar "
         "mit jeder Karte.", "Weitere Plätze kosten 8 €/Monat."),
    ),
}  # fmt: skip
OTHERS = "## Starter\n\nStarter is $5/month.\n\n"


def text(heading: str, *lines: str) -> str:
    return f"# Otter pricing\n\n{OTHERS}## {heading}\n\n{' '.join(lines)}\n"


def listed(heading: str, *lines: str) -> str:
    return f"# Otter pricing\n\n{OTHERS}## {heading}\n\n" + "".join(f"- {line}\n" for line in lines)


def html(heading: str, *lines: str) -> str:
    shown = "".join(f"<p>{line}</p>" for line in lines)
    return (
        "<html><h1>Otter pricing</h1><h2>Starter</h2><p>Starter is $5/month.</p>"
        f"<h2>{heading}</h2>{shown}</html>"
    )


@pytest.mark.parametrize("layout", [text, listed, html])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("amount", "expected"), [(30, []), (40, ["rate_up 30>40"])])
def test_a_sentence_with_more_words_under_another_heading(
    layout: Callable[..., str], language: str, amount: int, expected: list[str]
) -> None:
    (heading, sentence, more), (title, longer, same) = LANGUAGES[language]
    before = layout(heading, sentence.format(30), more)
    after = layout(title, longer.format(amount), same)
    assert [line for line in said(compared(before, after)) if "renamed" not in line] == expected
    back = said(compared(after, before))
    mirrored = [line.replace("up 30>40", "down 40>30") for line in expected]
    assert [line for line in back if "renamed" not in line] == mirrored


@pytest.mark.parametrize("layout", [text, listed, html])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The Heron plan is", "The Teal plan is"),
        ("Faster builds cost", "A second region costs"),
        ("Support by phone is available for", "Hosting in a region is available for"),
    ],
)
def test_another_subject_with_the_same_end_is_another_thing(
    layout: Callable[..., str], old: str, new: str
) -> None:
    end = "{} ${}/month payable by credit card."
    before = layout("Plans", end.format(old, 30), "Further seats are $8/month.")
    after = layout("Plans", end.format(new, 40), "Further seats are $8/month.")
    assert said(compared(before, after)) == ["added ->40", "removed 30>-"]


def test_sentences_of_one_end_and_other_words_are_not_aligned() -> None:
    end = "{} ${}/month payable by credit card."
    before, after = (
        reading_of(text("Plans", end.format(*subject), "Further seats are $8/month."))
        for subject in (("Faster builds cost", 30), ("A second region costs", 40))
    )
    aligned = align(before.figures, after.figures)
    assert [f.figure.text for f in aligned.gone] == ["$30"]
    assert [f.figure.text for f in aligned.came] == ["$40"]
