"""Prices in sentences: what states a rate, in five languages, and what only looks like one."""

from __future__ import annotations

import pytest
from reading_of import rates_of

STATED = [
    # one price
    ("The search API costs $5 per 1,000 requests.", "search-api | price | 5 USD per 1K requests"),
    ("Storage costs $0.10 per GB per month.", "storage | price | 0.10 USD per GB-month"),
    ("Storage is billed at $0.10/GB-month.", "storage | price | 0.10 USD per GB-month"),
    ("Web search is priced at $10 per 1,000 calls.", "web-search | price | 10 USD per 1K calls"),
    ("Egress is charged at $0.09/GB.", "egress | price | 0.09 USD per GB"),
    ("Each container is charged $0.05 per hour.", "container | price | 0.05 USD per hour"),
    ("Code execution: $0.05 per hour, per container", "code-execution | price | "
     "0.05 USD per container-hour"),
    ("A10: $0.75/hr", "a10 | price | 0.75 USD per hour"),
    ("- **H100 SXM** – $2.99/hr", "h100-sxm | price | 2.99 USD per hour"),
    ("- **Embeddings**: $0.02 / 1M tokens", "embeddings | price | 0.02 USD per 1M tokens"),
    ("- Reranking ($2.00 per 1K searches)", "reranking | price | 2.00 USD per 1K searches"),
    ("You pay $0.006 per minute of audio.", "nimbus | price | 0.006 USD per minute"),
    ("We charge $0.006 per minute.", "nimbus | price | 0.006 USD per minute"),
    ("$0.04 per image", "nimbus | price | 0.04 USD per image"),
    ("Images are $0.04 each.", "images | price | 0.04 USD per image"),
    ("The price is $20 per user per month.", "nimbus | price | 20 USD per user-month"),
    ("Dedicated IPs cost $2 a month.", "dedicated-ips | price | 2 USD per month"),
    ("Dedicated IPs cost two dollars.", ""),
    # from, up to, ranges
    ("Dedicated clusters start at $2,000 per month.", "dedicated-clusters | price | "
     "2000 USD per month | from"),
    ("GPU instances are available from $0.50 per hour.", "gpu-instances | price | "
     "0.50 USD per hour | from"),
    ("Fine-tuning costs between $3 and $8 per 1M tokens.", "fine-tuning | price | "
     "3–8 USD per 1M tokens"),
    ("Fine-tuning costs $3–$8 per 1M tokens.", "fine-tuning | price | 3–8 USD per 1M tokens"),
    # free up to
    ("The first 1,000 requests are free, then $5 per 1,000 requests.", "nimbus | price | "
     "5 USD per 1K requests"),
    ("Bandwidth: 100 GB included, then $0.15 per GB", "bandwidth | price | 0.15 USD per GB"),
    ("Storage is free up to 1 GB, then $0.25 per GB per month.", "storage | price | "
     "0.25 USD per GB-month"),
    # graduated
    ("Storage costs $0.026 per GB-month for the first 50 TB and $0.022 per GB-month thereafter.",
     "storage | price | 0.022 USD per GB-month | step thereafter",
     "storage | price | 0.026 USD per GB-month | step first-50-tb"),
    ("Bandwidth costs $0.05 per GB for the first 10 TB, and $0.03 thereafter.",
     "bandwidth | price | 0.03 USD per GB | step thereafter",
     "bandwidth | price | 0.05 USD per GB | step first-10-tb"),
    ("Egress: $0.09 per GB for the first 10 TB, then $0.07 per GB",
     "egress | price | 0.07 USD per GB | step thereafter",
     "egress | price | 0.09 USD per GB | step first-10-tb"),
    ("Minutes cost $3 per hour for the first 50 hours, $2 per hour for the next 50 hours and "
     "$1 per hour after that.",
     "minutes | price | 1 USD per hour | step thereafter",
     "minutes | price | 2 USD per hour | step next-50-hours",
     "minutes | price | 3 USD per hour | step first-50-hours"),
    ("Transkription kostet 0,006 € pro Minute, danach 0,004 € pro Minute.",
     "transkription | price | 0.004 EUR per minute | step thereafter",
     "transkription | price | 0.006 EUR per minute | step first"),
    # one price until a day, another after it
    ("Onyx costs $3 per hour until December 31, 2026, then $4 per hour.",
     "onyx | price | 3 USD per hour | effective_to 2026-12-31",
     "onyx | price | 4 USD per hour | effective_from 2027-01-01"),
    ("Onyx costs $3 per hour until 31 December 2026 and $4 per hour thereafter.",
     "onyx | price | 3 USD per hour | effective_to 2026-12-31",
     "onyx | price | 4 USD per hour | effective_from 2027-01-01"),
    # a first price that cannot be read lends its name to none
    ("Seats cost $1 for the first month, then $20 per month.", ""),
    # input and output in one sentence
    ("Mistral-like 3 is priced at $3 per million input tokens and $15 per million output tokens.",
     "mistral-like-3 | input | 3 USD per 1M tokens",
     "mistral-like-3 | output | 15 USD per 1M tokens"),
    ("Onyx 2 costs $2/$10 per million input/output tokens.",
     "onyx-2 | input | 2 USD per 1M tokens", "onyx-2 | output | 10 USD per 1M tokens"),
    ("Onyx 2 is $5 for input and $25 for output per 1M tokens.",
     "onyx-2 | input | 5 USD per 1M tokens", "onyx-2 | output | 25 USD per 1M tokens"),
    ("Onyx 2 costs $5 per million tokens for input and $25 per million tokens for output.",
     "onyx-2 | input | 5 USD per 1M tokens", "onyx-2 | output | 25 USD per 1M tokens"),
    ("Pricing is $0.30 per 1M input tokens, $0.03 per 1M cached input tokens and $2.50 per 1M "
     "output tokens.", "nimbus | input | 0.30 USD per 1M tokens",
     "nimbus | input.cached | 0.03 USD per 1M tokens", "nimbus | output | 2.50 USD per 1M tokens"),
    ("- Input: $1.25 / 1M tokens\n- Cached input: $0.125 / 1M tokens\n- Output: $10.00 / 1M tokens",
     "nimbus | input | 1.25 USD per 1M tokens",
     "nimbus | input.cached | 0.125 USD per 1M tokens",
     "nimbus | output | 10.00 USD per 1M tokens"),
    ("- Onyx 2: $5 input / $25 output per 1M tokens",
     "onyx-2 | input | 5 USD per 1M tokens", "onyx-2 | output | 25 USD per 1M tokens"),
    ("Pro costs $20 per seat, or $25 per user.", "pro | price | 20 USD per seat"),
    ("Der Tarif Pro kostet 19 € pro Nutzer und Monat.", "pro | price | 19 EUR per user-month"),
    # tiers
    ("- Batch: $0.50 per 1M tokens\n- Standard: $1.00 per 1M tokens",
     "nimbus | price | 0.50 USD per 1M tokens | tier batch",
     "nimbus | price | 1.00 USD per 1M tokens | tier standard"),
    # German, Spanish, Japanese, Chinese
    ("Die Speicherung kostet 0,10 € pro GB und Monat.", "speicherung | price | 0.10 EUR per "
     "GB-month"),
    ("Transkription: 0,006 € pro Minute", "transkription | price | 0.006 EUR per minute"),
    ("Onyx 2 kostet 5 € pro 1 Mio. Token.", "onyx-2 | price | 5 EUR per 1M tokens"),
    ("Ein Bild wird mit 0,04 € pro Bild abgerechnet.", "bild | price | 0.04 EUR per image"),
    ("El almacenamiento cuesta 0,10 € por GB al mes.", "almacenamiento | price | 0.10 EUR per "
     "GB-month"),
    ("Transcripción: 0,006 USD por minuto", "transcripcion | price | 0.006 USD per minute"),
    ("La búsqueda tiene un precio de 5 € por 1.000 solicitudes.", "busqueda | price | "
     "5 EUR per 1K requests"),
    ("画像生成：1枚あたり5円", "nimbus | image.output | 5 JPY per image"),
    ("音声認識の料金は1分あたり2円です。", "音声認識 | price | 2 JPY per minute"),
    ("图片生成：0.2元/张", "nimbus | image.output | 0.2 CNY per image"),
    ("语音识别的价格为每分钟0.1元。", "语音识别 | price | 0.1 CNY per minute"),
]  # fmt: skip


@pytest.mark.parametrize("case", STATED, ids=lambda case: case[0][:60])
def test_a_sentence_that_states_a_price_gives_its_rate(case: tuple[str, ...]) -> None:
    text, *expected = case
    assert rates_of(f"# Nimbus pricing\n\n{text}\n") == sorted(filter(None, expected))


TRAPS = [
    # averages and statistics
    "The average cost is $6 per developer per day.",
    "On average, customers pay $0.02 per request.",
    "A typical conversation costs $0.01 per message.",
    "Daily costs remain below $12 per developer for 90% of users.",
    "Most teams pay between $100 and $200 per developer per month.",
    "The median user pays $4 per month.",
    "Customers usually pay $3 per hour.",
    "That works out to about $0.002 per page.",
    "This is equivalent to $0.50 per user per month.",
    # examples
    "For example, 1,000 images would cost $40.",
    "For instance, a one-hour call costs $0.36 per hour.",
    "e.g. $0.05 per request",
    "Example: 10 GB for 30 days is $1.00 per month.",
    "Example: a job at $2.50 per hour runs for 3 hours.",
    "Suppose you pay $0.10 per image.",
    "Assuming $0.01 per request, that is a lot.",
    "Let's say a seat is $30 per month.",
    "Imagine a price of $5 per call.",
    "If you process 1M tokens at $3 per million tokens, you pay $3.",
    "Processing 10,000 tickets would cost about $37 per month.",
    "Running 24 hours costs $18.00.",
    "Two A100s for 10 hours cost $60.",
    "1,000 pages × $0.01 per page = $10",
    "50,000 requests * $0.001 per request = $50",
    "Total: $12.50 per month",
    "Monthly total = $45 per month",
    # credits, trials, promotions
    "New accounts get $5 in free credits per month.",
    "You receive $10 per month in credits.",
    "Includes $20 of usage per month.",
    "The plan comes with $10 of included usage per month.",
    "Get a $200 voucher per user.",
    "We give open source projects $500 per month.",
    "Refer a friend and earn $20 per signup.",
    "Students get grants of $100 per semester.",
    # thresholds, budgets, caps
    "You are invoiced when you reach $100 per month.",
    "Your spend limit is $500 per month.",
    "Set a budget of $50 per month.",
    "Usage is capped at $1,000 per month.",
    "Tier 2 requires $50 paid per month.",
    "The minimum spend is $1,000 per month.",
    "A deposit of $20 per account is required.",
    "Auto-recharge adds $10 per top-up.",
    "An authorization hold of $1 per card is placed.",
    # revenue, funding, people
    "The company makes $2 per user in revenue.",
    "We raised $30M per round.",
    "Contractors earn $25 per hour.",
    "The bug bounty pays $500 per report.",
    "Fines are up to $2,500 per violation.",
    "An engineer costs $100 per hour.",
    # competitors and comparisons
    "Other providers charge $20 per seat.",
    "Most vendors charge $0.02 per minute.",
    "Competitors charge $0.10 per minute.",
    "Compared to $5 per hour elsewhere.",
    "That is $3 per hour cheaper than on-demand.",
    "It costs 50% less than the usual $10 per seat.",
    "Unlike services that charge $15 per GB, ours is simple.",
    # savings and discounts
    "Save $120 per year with annual billing.",
    "You save up to $2 per hour.",
    "Get $5 off per seat.",
    "A discount of $1 per seat applies.",
    # old prices
    "Previously, it cost $10 per 1M tokens.",
    "It used to cost $10 per 1M tokens.",
    "The price was reduced from $10 per 1M tokens.",
    "Before May it was priced at $10 per 1M tokens.",
    # estimates and calculators
    "Estimated cost: $14.20 per month",
    "Your estimated bill is $30 per month.",
    "Expect to pay roughly $4 per day.",
    "Costs approximately $0.02 per page.",
    # code and instructions
    "Run `estimate --price '$5 per hour'` first.",
    "Set `max_price` to `$2 per request`.",
    # limits and values that are no prices
    "Transactions above $50 per day need approval.",
    "Refunds are limited to $10 per user.",
    "Liability is limited to $100 per claim.",
    "Insurance covers $1,000 per incident.",
    # other languages
    "Im Durchschnitt zahlen Kunden 6 € pro Tag.",
    "Zum Beispiel kosten 1.000 Bilder 40 € pro Monat.",
    "Sie erhalten 10 € Guthaben pro Monat.",
    "Sparen Sie 20 € pro Jahr.",
    "De media, los clientes pagan 6 € por día.",
    "Por ejemplo, 1.000 imágenes cuestan 40 € al mes.",
    "Ahorra 20 € al año.",
    "例えば、1,000枚の画像は月4,000円です。",
    "平均で1日あたり600円かかります。",
    "例如，1000张图片每月花费40元。",
    "新用户每月赠送10元。",
    "平均每天花费6元。",
]


@pytest.mark.parametrize("text", TRAPS, ids=lambda text: text[:60])
@pytest.mark.parametrize("shape", ["{}", "- {}"], ids=["paragraph", "item"])
def test_a_figure_that_is_no_price_gives_no_rate(text: str, shape: str) -> None:
    assert rates_of(f"# Nimbus pricing\n\n{shape.format(text)}\n") == []


@pytest.mark.parametrize(
    "heading",
    ["Example", "Worked examples", "Cost example: a chatbot", "Usage tiers", "Free credits",
     "Compared to others", "Rechenbeispiel", "Ejemplos", "計算例", "计费示例"],
)  # fmt: skip
def test_a_section_of_examples_or_credits_gives_no_rates(heading: str) -> None:
    assert rates_of(f"# Pricing\n\n## {heading}\n\nA request costs $2 per request.\n") == []


def test_an_answer_that_repeats_a_price_repeats_the_rate() -> None:
    page = (
        "# Pricing\n\n| Service | Price |\n| --- | --- |\n| Search | $5 per 1K requests |\n\n"
        "## FAQ\n\n### How much is search?\n\nSearch costs $5 per 1,000 requests.\n"
    )
    assert rates_of(page) == ["search | price | 5 USD per 1K requests"]


def test_an_answer_has_the_product_of_the_heading_above_its_question() -> None:
    page = (
        "<h1>Orbit pricing</h1><h2>FAQ</h2><details><summary>What is a minute?</summary>"
        "<p>We charge $0.006 per minute.</p></details>"
    )
    assert rates_of(page, "text/html") == ["orbit | price | 0.006 USD per minute"]


def test_a_price_and_its_unit_on_two_lines_of_a_card_are_one() -> None:
    page = "<h2>Team</h2><div><span>$20</span></div><div>per seat / month</div>"
    assert rates_of(page, "text/html") == ["team | price | 20 USD per seat-month"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Starting at", "$20", "per seat / month"),
        ("Starting at $20", "per seat / month"),
        ("From", "$20 per seat / month"),
    ],
)
def test_the_word_from_on_a_line_of_its_own_qualifies_the_price_below(
    lines: tuple[str, ...],
) -> None:
    page = "<h2>Team</h2>" + "".join(f"<p>{line}</p>" for line in lines)
    assert rates_of(page, "text/html") == ["team | price | 20 USD per seat-month | from"]


def test_a_word_that_belongs_to_another_card_qualifies_nothing() -> None:
    page = "<h2>Free</h2><p>From</p><h2>Team</h2><p>$20</p><p>per seat / month</p>"
    assert rates_of(page, "text/html") == ["team | price | 20 USD per seat-month"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("Nest has a **$5 minimum monthly usage fee**.", "nimbus | minimum-monthly-usage-fee | "
         "5 USD per month"),
        ("A flat $25 transfer fee applies.", "nimbus | transfer-fee | 25 USD per unit"),
        ("Dedicated hosts cost $449.", "dedicated-hosts | price | 449 USD per unit"),
        ("- Black belt **$100**", "black-belt | price | 100 USD per unit"),
        ("- Renewal (monthly) **$65**", "renewal | price | 65 USD per month"),
        ("0.10 USD = 1M API credits", "api-credits | price | 0.10 USD per 1M credits"),
        ("The price for each GB of traffic is $0.35.", "traffic | price | 0.35 USD per GB"),
        ("You can move to the Nest Starter plan for $19 per user per month.",
         "nest-starter | price | 19 USD per user-month"),
        ("The price of the Relay plan rises to $25 per month.",
         "relay-plan | price | 25 USD per month"),
        ("For a public address, we charge $3 per month.",
         "public-address | price | 3 USD per month"),
        ("- Vault – keeps 400 GB of keys for you (fast and safe) cost: $40 per month",
         "vault | price | 40 USD per month"),
        ("Pro Plan — US$19/month (14-day free trial)", "pro-plan | price | 19 USD per month"),
    ],
)  # fmt: skip
def test_a_price_is_read_with_what_it_is_for(text: str, rate: str) -> None:
    assert rates_of(f"# Nimbus pricing\n\n{text}\n") == [rate]


def test_a_bracket_holds_the_price_for_others() -> None:
    page = "# Nimbus pricing\n\nEach job is $50/month ($25/month for FOSS plans).\n"
    assert rates_of(page) == [
        "job | price | 25 USD per month | for foss-plans",
        "job | price | 50 USD per month",
    ]


def test_a_minimum_beside_a_price_is_a_term_of_it() -> None:
    page = "# Nimbus pricing\n\nVault costs $2 per GB, with a minimum fee of $10 per month.\n"
    assert rates_of(page) == ["vault | price | 2 USD per GB"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("プランBは月額1,980円です。", "プランb | price | 1980 JPY per month"),
        (
            "ライトプランは月額500円から利用できます。",
            "ライトプラン | price | 500 JPY per month | from",
        ),
        ("基础版每月99元。", "基础版 | price | 99 CNY per month"),
        ("专业版为每年999元。", "专业版 | price | 999 CNY per year"),
        ("베이직 요금제는 월 9,900원입니다.", "베이직 | price | 9900 KRW per month"),
    ],
)
def test_a_sentence_without_a_verb_of_price_is_about_its_topic(text: str, rate: str) -> None:
    page = f"<title>Vento pricing</title><h1>Vento</h1><p>{text}</p>"
    assert rates_of(page, "text/html") == [rate]


@pytest.mark.parametrize(
    "text",
    ["合計は月額1,980円です。", "例えば、100人の場合は月額5,000円です。",
     "平均は月額1,980円です。", "合计为每月99元。"],
)  # fmt: skip
def test_a_topic_that_is_a_sum_or_an_example_has_no_price(text: str) -> None:
    page = f"<title>Vento pricing</title><h1>Vento</h1><p>{text}</p>"
    assert rates_of(page, "text/html") == []


TERMS = [
    (
        "Own hosts cost $349/month, paid annually with 10% discount comes to $3,769/year.",
        "349 3769",
    ),
    ("Own hosts cost $349/month; billed yearly this comes to $3,769/year.", "349 3769"),
    ("Own hosts cost 349 $/Monat, bezahlt jährlich mit 10 % Rabatt 3769 $/Jahr.", "349 3769"),
    ("An annual plan with **20% discount** is **$2,870/year**.", "2870"),
    ("If you need 4 or more jobs, a fixed price plan is available for $399/month.", "399"),
]


@pytest.mark.parametrize(("sentence", "amounts"), TERMS)
def test_the_price_of_another_term_is_a_price(sentence: str, amounts: str) -> None:
    found = rates_of(f"# Orlo pricing\n\n{sentence}\n")
    assert sorted(line.split(" | ")[2].split()[0] for line in found) == sorted(amounts.split())


@pytest.mark.parametrize(
    "lead",
    [
        "For example, prices of small machines are:",
        "Zum Beispiel die Preise kleiner Rechner:",
        "Por ejemplo, los precios de máquinas pequeñas son:",
    ],
)
def test_a_list_of_prices_that_are_examples_is_one_of_prices(lead: str) -> None:
    page = f"# Orlo pricing\n\n{lead}\n\n- Runner: $0.02/min\n- Vault: $9/month\n"
    assert len(rates_of(page)) == 2
