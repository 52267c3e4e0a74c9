"""Kinds of changes that were once told wrongly, each as the smallest pair of pages.

Pages are written anew; the cases they are shaped like stand in ../shared/field/cases/changes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from captures import compared, said

CARE = """<html lang="en"><body><h1>Otter pricing</h1><h2>Otter Care</h2><table><thead><tr><th></th>
<th>Laptop (device/year)</th><th>Rack (machine/year)</th></tr></thead><tbody>
<tr><th>Basic</th><td>$35</td><td>$600</td></tr>
<tr><th>{label}</th><td>{laptop}</td><td>$4,400</td></tr></tbody></table></body></html>"""


def care(label: str = "Complete", laptop: str = "$400") -> str:
    return CARE.format(label=label, laptop=laptop)


PLANS = """# Bramble pricing

| | Start | Crew | Works |
|---|---|---|---|
| Rack | $125 | $650 | $1,400 |
| Laptop | $15 | $140 | $290 |
| Archive | – | – | Two copies |
"""
CARDS = """<html><body><h1>Plans</h1><h2>{heading}</h2><div>
<div class="c"><ul><li class="title">Fern</li><li class="price">$19<span>/month</span></li>
<li class="price">$190<span>/year - 2 months free</span></li><li>1 job</li></ul></div>
<div class="c"><ul><li class="title">Moss</li><li class="price">$49<span>/month</span></li>
<li class="price">$490<span>/year - 2 months free</span></li><li>2 jobs</li></ul></div>
<div class="c"><ul><li class="title">Oak</li><li class="price">$89<span>/month</span></li>
<li class="price">$890<span>/year - 2 months free</span></li><li>3 jobs</li></ul></div>
</div></body></html>"""
TWO_TABLES = """# Bramble pricing

## Hosts
{note}
### Common hosts

{start}| Host | Disk | Price |
|---|---|---|
| common-2 | 30 GB | ${two}/hour |
| common-4 | 60 GB | ${four}/hour |
{end}
## Stores

### Common stores

| Store | Disk | Price |
|---|---|---|
| common-2 | 32 GB | $39/month |
| common-4 | 96 GB | $79/month |
"""


def two_tables(two: str = "0.30", four: str = "0.50", note: str = "", tab: bool = False) -> str:
    start, end = ('<Tabs>\n<Tab title="Common">\n\n', "\n</Tab>\n</Tabs>\n") if tab else ("", "")
    return TWO_TABLES.format(two=two, four=four, note=note, start=start, end=end)


def sentence(text: str, title: str = "Heron pricing") -> str:
    return f"# {title}\n\n{text}\n"


def table(head: str, *rows: str, title: str = "Heron pricing") -> str:
    rule = "---|" * (head.count("|") + 1)
    lines = (f"| {head} |", f"|{rule}", *(f"| {row} |" for row in rows))
    return sentence("\n".join(lines), title)


HERON = "The Heron plan costs $30 per month."

CASES: dict[str, tuple[str, str, list[str]]] = {
    "a row of words": (PLANS, f"{PLANS}| Named contact | – | – | On weekdays |\n", []),
    "words among free cells": (
        table("Tool | Price", "Reed | FREE", "Wren | FREE"),
        table("Tool | Price", "Reed | FREE", "Wren | FREE", "Teal | Part of Heron Care"),
        [],
    ),
    "two columns become two lines of one": (
        table("Stream | By the month | By the day", "Raw | $600 / month | $40 / day",
              "Clean | $900 / month | $70 / day"),
        table("Stream | Price", "Raw | $40 / day<br>$600 / month",
              "Clean | $70 / day<br>$900 / month"),
        [],
    ),
    "payable by credit card": (
        sentence("The monthly subscription is $199/month payable by credit card."),
        sentence("The monthly subscription is $249/month payable by credit card."),
        ["rate_up 199>249"],
    ),
    "a second price after or": (
        sentence("Single sign-on is an add-on for $30/month or $280/year."),
        sentence("Single sign-on is an add-on for $30/month or $310/year."),
        ["rate_up 280>310"],
    ),
    "another quantity for the same money in two currencies": (
        table("SKU | Description | USD | EUR", "`REQ` | Further 80 million requests | $33 | €31"),
        table("SKU | Description | USD | EUR", "`REQ` | Further 40 million requests | $33 | €31"),
        ["unit 33>33"],
    ),
    "the last fee goes with its table": (
        table("Account | Fees", "Groups | Free", "Hosts (legacy model) | 12% of host fees"),
        sentence("Groups pay by activity. See our price list."),
        ["held: none-left"],
    ),
    "this comes to": (
        sentence("Own hosts are available for $349/month; paid annually with 10% discount this "
                 "comes to $3,769/year."),
        sentence("Own hosts are available for $549/month; paid annually with 10% discount this "
                 "comes to $5,929/year."),
        ["rate_up 349>549", "rate_up 3769>5929"],
    ),
    "for so much per user": (
        sentence("You can move to the Heron Starter plan for $12 per user per month any time."),
        sentence("You can move to the Heron Starter plan for $14 per user per month any time."),
        ["rate_up 12>14"],
    ),
    "a minimum fee that came": (
        sentence("Storage costs $3 per TB per month."),
        sentence("Storage costs $3 per TB per month.\n\nHeron has a **$7 minimum monthly usage "
                 "fee** for all accounts."),
        ["added ->7"],
    ),
    "one-off fees on cards": (
        "<html><body><h1>Heron pricing</h1><h2>Packages</h2><div><div class='card'>"
        "<h3>Own Cloud</h3><p>$45,000 <span>one-off fee</span></p></div><div class='card'>"
        "<h3>Own Cloud Max</h3><p>$90,000 <span>one-off fee</span></p></div></div></body></html>",
        "<html><body><h1>Heron pricing</h1><h2>Packages</h2><div><div class='card'>"
        "<h3>Own Cloud</h3><p>$55,000 <span>one-off fee</span></p></div><div class='card'>"
        "<h3>Own Cloud Max</h3><p>$90,000 <span>one-off fee</span></p></div></div></body></html>",
        ["rate_up 45000>55000"],
    ),
    "a price in the heading of other prices": (
        CARDS.format(heading="Further job is $40/month."),
        CARDS.format(heading="Further job is $45/month."),
        ["rate_up 40>45"],
    ),
    "a slogan above cards": (
        CARDS.format(heading="Prices that grow with you"),
        CARDS.format(heading="Free for charities"),
        [],
    ),
    "list items begin otherwise": (
        sentence("## Relay\n\n- **$2k/year per team** on your hosts.\n- **$5k/year** for one of "
                 "your own.\n- Starting from **$9k/year** for Enterprise with an audit."),
        sentence("## Relay\n\n- Starting from **$2k/year per team** on your hosts.\n- Starting "
                 "from **$5k/year** for one of your own.\n- Starting from **$9k/year** for "
                 "Enterprise with an audit."),
        [],
    ),
    "a price becomes the monthly one beside a yearly one": (
        table("Users | Price (USD)", "5,000 | $59", "50,000 | $89", "75,000 | $178"),
        table("Users | Monthly price (USD) | Yearly price (USD)", "5,000 | $59 | $590",
              "50,000 | $89 | $890", "75,000 | $178 | $1,780"),
        ["added ->1780", "added ->590", "added ->890"],
    ),
    "a unit that the line above names": (
        table("Above | Below | 1 month | 1 week", "0 | 500 | $11.00 | $17.99",
              "501 | 1,500 | $6.87 | $11.38").replace(
                  "pricing\n", "pricing\n\nYearly price by number and period\n", 1),
        table("Above | Below | 1 month | 1 week", "0 | 500 | $11.00 | $17.99",
              "501 | 1,500 | $6.87 | $11.38").replace(
                  "pricing\n", "pricing\n\nYearly price per device by number and period\n", 1),
        [],
    ),
    "words of a label turned round": (
        care("With 24/7 complete care"), care("With complete care (24/7)"), []
    ),
    "a table put into a tab": (two_tables(), two_tables(tab=True), []),
    "a sale on one of two tables": (
        two_tables(),
        two_tables("0.24", "0.40", "\nSummer sale: all common hosts are 20% off until "
                                   "June 30, 2026. Prices below include the discount.\n"),
        ["rate_down 0.3>0.24", "rate_down 0.5>0.4"],
    ),
    "will go up to": (
        sentence(HERON),
        sentence(f"{HERON}\n\nOn 1 May 2026 the price of the Heron plan will go up to $35 per "
                 "month."),
        ["scheduled ->35"],
    ),
    "rises to on a day": (
        sentence(HERON),
        sentence(f"{HERON}\n\nThe price of the Heron plan rises to $35 per month on 1 May 2026."),
        ["scheduled ->35"],
    ),
    "as of a day changes to": (
        sentence(HERON),
        sentence(f"{HERON}\n\nAs of 1 May 2026 the price of the Heron plan changes to $35 per "
                 "month."),
        ["scheduled ->35"],
    ),
    "will cost": (
        sentence(HERON),
        sentence(f"{HERON}\n\nThe Heron plan will cost $35 per month from 1 May 2026."),
        ["scheduled ->35"],
    ),
    "pence": (
        sentence("A picture message costs 2.41p per message."),
        sentence("A picture message costs 2.83p per message."),
        ["rate_up 0.0241>0.0283"],
    ),
    "half as much for the same money": (
        table("Item | What it is | Price", "`GET-10` | Further 80 million reads | $45",
              "`PUT-10` | Further 10 million writes | $85"),
        table("Item | What it is | Price", "`GET-10` | Further 40 million reads | $45",
              "`PUT-10` | Further 10 million writes | $85"),
        ["unit 45>45"],
    ),
    "a date in a note under a table": (
        table("计费项 | 标准 | 低频", "流入 | 免费 | 免费", "存储 | 0.11元/GB/月 | 0.07元/GB/月"),
        table("计费项 | 标准 | 低频", "流入 | 免费 | 免费", "存储 | 0.11元/GB/月 | 0.07元/GB/月")
        + "\n**注意:【读取费用】从2022年11月1号开始计费。**\n",
        [],
    ),
    "a sign without a number": (
        care(), care(laptop="$NaN"), ["held: figures-damaged"]
    ),
    "a placeholder of a template": (
        care(), care(laptop="{{ prices.complete }}"), ["held: figures-damaged"]
    ),
    "a price of nothing": (care(), care(laptop="$0.00"), ["held: figures-damaged"]),
    "the column of another company": (
        table("vCPU | Memory | Price", "2 | 4GB | $0.0007/min", "4 | 8GB | $0.0014/min"),
        table("vCPU | Memory | Heron | LargeForge", "2 | 4GB | $0.0007/min | $0.0045/min",
              "4 | 8GB | $0.0014/min | $0.0075/min") + "\nCheaper than LargeForge.\n",
        [],
    ),
    "a threshold in a cell": (
        sentence(HERON),
        sentence(f"{HERON}\n\n| | By use |\n|---|---|\n| Yearly | Buy in the shop, or write to us "
                 "for plans over $4,400 |"),
        [],
    ),
    "as low as says it once more": (
        table("Kind | Price", "Object storage | $0.005 per GB per month"),
        table("Kind | Price", "Object storage | $0.005 per GB per month").replace(
            "pricing\n", "pricing\n\nObject storage is as low as $5.00 per TB per month.\n", 1),
        [],
    ),
    "a mark of age behind labels": (
        table("Kind | Counted | Included", "Hosts | builds | 2 hosts"),
        table("Kind | Counted | Included", "Hosts | builds | 2 hosts",
              "RUNNERS (legacy) | builds | Not used", "Groups (Limited Plans) | builds | 1 group"),
        [],
    ),
    "a component becomes a link": (
        sentence('- <Link title="Runners" url="#a"/>: \\$0.0006/min on Heron\n'
                 '- <Link title="Compute (VMs)" url="#b"/>: \\$35/month on Heron\n'
                 '- <Link title="Managed Files" url="#c"/>: \\$55/month on Heron'),
        sentence("- [Runners](#a): \\$0.0006/min on Heron\n"
                 "- [Compute (VMs)](#b): \\$35/month on Heron\n"
                 "- [Managed Files](#c): \\$55/month on Heron"),
        [],
    ),
    "a heading between a heading and its table": (
        table("Users | Price", "5,000 | $79", "75,000 | $158"),
        table("Users | Price", "5,000 | $79", "75,000 | $158").replace(
            "pricing\n", "pricing\n\n### Fixed price\n", 1),
        [],
    ),
    "hours where a price stood": (
        table("Care | By day | By night", "Answers within | $300 | $600", "Visits | $90 | $99"),
        table("Care | By day | By night", "Answers within | 4 hours | 1 hour",
              "Visits | $90 | $99"),
        ["removed 300>-", "removed 600>-"],
    ),
    "one row under another name": (
        table("Machine | Price", "Linux | $0.01 / minute", "Mac plus | $0.085 / minute"),
        table("Machine | Price", "Linux | $0.01 / minute", "Mac Silicon | $0.085 / minute"),
        ["renamed 0.085>0.085"],
    ),
}  # fmt: skip
LIFE = """# Heron releases

| Release | Status | Born | Old from | End of life |
|---|---|---|---|---|
| 9.x | {status} | 2018-04-24 | 2018-10-30 | {end} |
"""
STAGES: dict[str, tuple[str, str, date]] = {
    "a month is no day": (
        LIFE.format(status="Maintenance", end="March 2026"),
        LIFE.format(status="Maintenance", end="March 2026") + "\nThanks to all.\n",
        date(2026, 3, 16),
    ),
    "a month made exact": (
        LIFE.format(status="Maintenance", end="April 2026"),
        LIFE.format(status="Maintenance", end="2026-04-30"),
        date(2026, 3, 2),
    ),
    "long-term support is not deprecated": (
        LIFE.format(status="Current", end="2027-04-30"),
        LIFE.format(status="LTS", end="2027-04-30"),
        date(2026, 3, 2),
    ),
    "a legacy row leaves the page": (
        table("Account | Fees", "Groups | Free", "Hosts (legacy model) | 12% of host fees"),
        sentence("Groups pay by activity. See our price list."),
        date(2026, 3, 2),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_kind_of_change(name: str) -> None:
    before, after, expected = CASES[name]
    assert [line for line in said(compared(before, after)) if "unread" not in line] == expected


@pytest.mark.parametrize("name", STAGES)
def test_nothing_is_told_of_a_stage(name: str) -> None:
    before, after, on = STAGES[name]
    found = said(compared(before, after, on=on))
    assert [line for line in found if line.startswith("availability")] == []


# ── The folder of cases ──────────────────────────────────────────────────────────────────────

FOLDER = Path(__file__).parents[3] / "shared" / "field" / "cases" / "changes"


DECIDED = {
    # Two prices are printed, for a month and for a year, and both are others now.
    "07-comes-to": ["rate_up 449>830", "rate_up 4310>7968"],
    # The price is what it was; what it buys is another quantity, whatever the currency.
    "30-quantity-in-description": ["unit 66>66"],
    # The page's one fee is gone with its table: nothing is told, and the owner is asked.
    "47-legacy-mark-gone": ["held: none-left"],
}
"""Cases of the folder that ask for another thing than the page's words say: what is told."""


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is absent")
@pytest.mark.parametrize("case", sorted(each.name for each in FOLDER.glob("*")) or ["-"])
def test_a_case_of_the_folder(case: str) -> None:
    folder = FOLDER / case
    asked = json.loads((folder / "expected.json").read_text("utf-8"))
    before, after = (
        next(folder.glob(f"{name}.*")).read_text("utf-8") for name in ("before", "after")
    )
    since, on = (date.fromisoformat(asked[f"{side}_date"]) for side in ("before", "after"))
    found = said(compared(before, after, since=since, on=on))
    told = [line for line in found if not line.startswith("unread")]
    if case in DECIDED:
        assert sorted(told) == sorted(DECIDED[case])
        return
    if asked["expected"] == ["held"]:
        assert any(line.startswith("held") for line in told)
        return
    most, least = _expected(asked["expected"])
    kinds = Counter(line.partition(" ")[0].strip(":") for line in told)
    assert least <= kinds <= most, told
    for amounts in re.findall(r"([\d.]+)->([\d.]+)", " ".join(asked["expected"])):
        moved = ">".join(f"{Decimal(amount).normalize():f}" for amount in amounts)
        assert any(line.endswith(moved) for line in told), told


def _expected(lines: list[str]) -> tuple[Counter[str], Counter[str]]:
    """How many changes of each kind there may be at the most and have to be at the least."""
    kinds: Counter[str] = Counter()
    for line in lines:
        if line.startswith("at most one unit"):
            return Counter(unit=1), Counter()
        count = re.match(r"added (\d+) yearly", line)
        kinds[line.split()[0]] += int(count[1]) if count else 1
    return kinds, kinds
