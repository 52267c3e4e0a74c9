"""Which questions by POST only read."""

from __future__ import annotations

import json

import pytest

from ratewire.fetch.graphql import only_reads


@pytest.mark.parametrize(
    "query",
    [
        "{ plans { price } }",
        "query Plans($of: ID = {a: 1}) { plans(of: $of) { subscription { price } mutation } }",
        "fragment P on Plan { price } query { plans { ...P } }",
        '# mutation\nquery { plan(name: "} mutation {") { price } }',
    ],
)
def test_queries_read(query: str) -> None:
    assert only_reads(json.dumps({"query": query, "variables": {}}).encode())
    assert only_reads(json.dumps([{"query": query}, {"query": query}]).encode())


@pytest.mark.parametrize(
    "query",
    [
        "mutation { buy }",
        "subscription { prices }",
        "query { a } mutation { buy }",
        'query { a(b: "}") } mutation { buy }',
        "query { a } } mutation { buy",
        "",
        "plans",
    ],
)
def test_all_else_may_write(query: str) -> None:
    assert not only_reads(json.dumps({"query": query}).encode())
    assert not only_reads(json.dumps([{"query": "{ a }"}, {"query": query}]).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"1", b"query", b'{"query": 1}', b'{"extensions": {"sha256": "a"}}',
     b"[" * 60_000, b'{"query": "{a}", "b": "' + b"x" * 70_000 + b'"}', b"\xff"],
)  # fmt: skip
def test_what_is_no_graphql_is_not_asked(body: bytes) -> None:
    assert not only_reads(body)
