"""The words that a price list needs, by language."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LANGUAGES", "Words"]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that a price list needs."""

    item: str
    price: str
    unit: str
    start: str
    end: str
    region: str
    remark: str
    yes: str
    support: str
    hours: str
    free: str
    month: str
    monthly: str
    """What a heading says for a price by the month."""
    request: str
    requests: str
    """What a heading says for a price by the thousand requests."""
    sales: str
    kinds: tuple[str, str]
    regions: tuple[str, str]
    sign: str
    code: str
    after: bool
    comma: bool


LANGUAGES: dict[str, Words] = {
    "en": Words(
        "Item",
        "Price",
        "Unit",
        "From",
        "To",
        "Region",
        "Remarks",
        "Included",
        "Help desk",
        "In working hours",
        "Free",
        "month",
        "Price per month",
        "request",
        "Price per 1,000 requests",
        "Yearly sales",
        ("Standard type", "Quick type"),
        ("North", "South"),
        "$",
        "USD",
        False,
        False,
    ),
    "de": Words(
        "Posten",
        "Preis",
        "Einheit",
        "Von",
        "Bis",
        "Region",
        "Bemerkung",
        "Inklusive",
        "Beratung",
        "Zu Bürozeiten",
        "Kostenlos",
        "Monat",
        "Preis pro Monat",
        "Anfrage",
        "Preis pro 1.000 Anfragen",
        "Jahresumsatz",
        ("Normale Bauart", "Schnelle Bauart"),
        ("Norden", "Süden"),
        "€",
        "EUR",
        True,
        True,
    ),
    "fr": Words(
        "Article",
        "Prix",
        "Unité",
        "De",
        "À",
        "Région",
        "Remarque",
        "Inclus",
        "Assistance",
        "En heures ouvrées",
        "Gratuit",
        "mois",
        "Prix par mois",
        "requête",
        "Prix par 1 000 requêtes",
        "Chiffre d'affaires",
        ("Type courant", "Type rapide"),
        ("Nord", "Sud"),
        "€",
        "EUR",
        True,
        True,
    ),
    "es": Words(
        "Artículo",
        "Precio",
        "Unidad",
        "Desde",
        "Hasta",
        "Región",
        "Observaciones",
        "Incluido",
        "Soporte",
        "En horas de oficina",
        "Gratis",
        "mes",
        "Precio por mes",
        "solicitud",
        "Precio por 1.000 solicitudes",
        "Ventas",
        ("Tipo normal", "Tipo rápido"),
        ("Norte", "Sur"),
        "€",
        "EUR",
        True,
        True,
    ),
    "zh": Words(
        "项目",
        "价格",
        "单位",
        "起",
        "止",
        "地域",
        "备注",
        "包含",
        "技术支持",
        "工作时间",
        "免费",
        "月",
        "价格（每月）",
        "请求",
        "价格（每千次请求）",
        "销售额",
        ("通用型", "高频型"),
        ("华北", "华南"),
        "元",
        "CNY",
        True,
        False,
    ),
    "ja": Words(
        "項目",
        "価格",
        "単位",
        "から",
        "まで",
        "リージョン",
        "備考",
        "含まれる",
        "サポート",
        "営業時間内",
        "無料",
        "月",
        "月額料金",
        "リクエスト",
        "1,000リクエストあたりの料金",
        "売上",
        ("標準タイプ", "高速タイプ"),
        ("東日本", "西日本"),
        "円",
        "JPY",
        True,
        False,
    ),
}
