"""From a product of ONIX to a listing: what the message says of it, in the words of the shop."""

from collections.abc import Iterator, Sequence
from typing import Any

from bookstore.catalog.imports import onix_codes as codes
from bookstore.catalog.imports.cells import amount, isbn, whole
from bookstore.catalog.imports.entries import Entry, Place, Problem, Reading, Source, key_of
from bookstore.catalog.imports.models import DefaultsIn
from bookstore.catalog.imports.onix import Element, Product, products


def read_onix(source: Source, place: Place, defaults: DefaultsIn, currency: str) -> Reading:
    """The message's entries from a place on. Raises Unreadable."""
    for product, after in products(source, place):
        yield _entry(product, defaults, currency), after


def _entry(product: Product, defaults: DefaultsIn, currency: str) -> Entry:
    if product.wrong:
        return Entry(product.line, None, problems=(Problem("", product.wrong),))
    element = product.element
    notification = element.first("NotificationType")
    if why := codes.NOTIFICATIONS.get(notification, f"has the unknown notification type {notification[:20]!r}"):
        return Entry(product.line, None, problems=(Problem("NotificationType", why),))
    problems: list[Problem] = []
    reading = _Fields(element, product.header, currency, problems)
    fields = reading.edition() if notification == codes.DELETION else reading.all()
    reference = element.first("RecordReference")
    try:
        key = key_of(fields, reference, defaults.condition or "new", defaults.format, of_product=True)
    except ValueError as error:
        return Entry(product.line, None, problems=(*problems, Problem("RecordReference", str(error))))
    return Entry(product.line, key, fields, tuple(problems), deleted=notification == codes.DELETION)


class _Fields:
    """A product's fields, as BookIn takes them. What cannot be read is added to `problems`."""

    def __init__(self, product: Element, header: Element, currency: str, problems: list[Problem]) -> None:
        self._product, self._header, self._currency, self._problems = product, header, currency, problems
        self._described = next(product.all("DescriptiveDetail"), Element("DescriptiveDetail", {}))
        self._published = next(product.all("PublishingDetail"), Element("PublishingDetail", {}))
        self._supplied = list(product.all("ProductSupply", "SupplyDetail"))

    def all(self) -> dict[str, Any]:
        """Everything. A field that a message cannot speak of, such as the condition, is not among them."""
        return {
            **self.edition(),
            **self._title(),
            "contributors": list(self._people()) or None,
            "series": self._series(),
            "language": self._language(),
            "pages": self._pages(),
            "subjects": list(dict.fromkeys(self._subjects()))[:20],
            **self._description(),
            "publisher": self._published.first("Publisher", "PublisherName")
            or self._published.first("Imprint", "ImprintName")
            or None,
            "published": self._date(),
            **self._price(),
            **self._stock(),
        }

    def edition(self) -> dict[str, Any]:
        """The ISBN and the format, as far as they are told."""
        return {**self._isbn(), "format": codes.format_of(self._described.first("ProductForm"))}

    def _isbn(self) -> dict[str, Any]:
        known = {each.first("ProductIDType"): each.first("IDValue") for each in self._product.all("ProductIdentifier")}
        gtin = known.get(codes.GTIN13, "")
        text = known.get(codes.ISBN13) or known.get(codes.ISBN10) or (gtin if gtin.startswith(codes.OF_BOOKS) else "")
        if not text:
            return {"isbn13": None}
        try:
            return {"isbn13": isbn(text)}
        except ValueError as error:
            self._problems.append(Problem("isbn13", str(error)))
            return {}

    def _title(self) -> dict[str, Any]:
        details = list(self._described.all("TitleDetail"))
        details.sort(key=lambda detail: detail.first("TitleType") not in codes.DISTINCTIVE)
        elements = [element for detail in details[:1] for element in detail.all("TitleElement")]
        elements.sort(key=lambda element: element.first("TitleElementLevel") not in codes.OF_PRODUCT)
        titles = [(_title_of(element), element.first("Subtitle")) for element in elements]
        title, subtitle = next((each for each in titles if each[0]), (None, ""))
        return {"title": title, "subtitle": subtitle or None}

    def _people(self) -> Iterator[dict[str, str]]:
        people = list(self._described.all("Contributor"))
        people.sort(key=lambda person: _number(person.first("SequenceNumber")))
        for person in people:
            name = _name_of(person)
            for role in person.all("ContributorRole"):
                if name:
                    yield {"name": name, "onix_role": role.text}

    def _series(self) -> dict[str, str | None] | None:
        for collection in self._described.all("Collection"):
            elements = list(collection.all("TitleDetail", "TitleElement"))
            titled = [each for each in elements if each.first("TitleElementLevel") in codes.OF_COLLECTION]
            title = next(filter(None, map(_title_of, titled)), "")
            numbers = [each.first("PartNumber") for each in elements]
            numbers += [each.first("CollectionSequenceNumber") for each in collection.all("CollectionSequence")]
            numbers += [each.first("PartNumber") for each in self._described.all("TitleDetail", "TitleElement")]
            volume = next(filter(None, numbers), "")
            if title:
                return {"title": title, "volume": volume or None}
        return None

    def _language(self) -> str | None:
        for language in self._described.all("Language"):
            if language.first("LanguageRole") == "01":
                parts = (language.first(tag) for tag in ("LanguageCode", "ScriptCode", "CountryCode"))
                return "-".join(filter(None, parts))
        return self._header.first("DefaultLanguageOfText") or None

    def _pages(self) -> int | None:
        extents = {
            extent.first("ExtentType"): extent.first("ExtentValue")
            for extent in self._described.all("Extent")
            if extent.first("ExtentUnit") == codes.PAGES
        }
        text = next((extents[kind] for kind in codes.EXTENTS if extents.get(kind)), "")
        return self._read("pages", whole, text) if text else None

    def _subjects(self) -> Iterator[str]:
        for subject in self._described.all("Subject"):
            if subject.first("SubjectSchemeIdentifier") in codes.THEMA and (code := subject.first("SubjectCode")):
                yield code

    def _description(self) -> dict[str, Any]:
        texts = {
            text.first("TextType"): next(text.all("Text"), None)
            for text in reversed(list(self._product.all("CollateralDetail", "TextContent")))
        }
        found = next((texts[kind] for kind in codes.DESCRIPTIONS if texts.get(kind)), None)
        if found is None:
            return {"description": None}
        kind = found.attributes.get("textformat", "06")
        if kind in ("05", "02"):
            # XHTML stands in the message as tags, HTML as the text of tags; some write either under either name.
            html = "".join(found.marked if any(piece.startswith("<") for piece in found.marked) else found.pieces)
            return {"description": html, "description_format": "html"}
        return {"description": "".join(found.pieces).strip(), "description_format": "text"}

    def _date(self) -> str | None:
        dates = {each.first("PublishingDateRole"): each for each in self._published.all("PublishingDate")}
        found = next((dates[role] for role in codes.PUBLICATION if role in dates), None)
        if found is None:
            return None
        digits = found.first("Date")
        if not digits.isdecimal() or len(digits) not in (4, 6, 8):
            # Seasons, quarters and periods say at least the year.
            return digits[:4] if digits[:4].isdecimal() else None
        return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))

    def _price(self) -> dict[str, Any]:
        usual, usual_kind = self._header.first("DefaultCurrencyCode"), self._header.first("DefaultPriceType")
        prices: dict[str, str] = {}
        for price in (price for supply in self._supplied for price in supply.all("Price")):
            kind = price.first("PriceType") or usual_kind
            if (price.first("CurrencyCode") or usual) == self._currency and kind not in codes.COSTS:
                prices.setdefault(kind, price.first("PriceAmount"))
        text = next((prices[kind] for kind in codes.PRICES if prices.get(kind)), "")
        text = text or next(iter(prices.values()), "")
        if not text:
            return {}
        cents = self._read("price", lambda text: amount(text, self._currency), text)
        return {} if cents is None else {"price_cents": cents}

    def _stock(self) -> dict[str, Any]:
        if self._supplied and all(_is_gone(supply.first("ProductAvailability")) for supply in self._supplied):
            return {"stock": 0}
        counted = [stock.first("OnHand") for supply in self._supplied for stock in supply.all("Stock")]
        if not any(counted):
            return {}
        counts = [self._read("stock", whole, text) for text in counted if text]
        return {"stock": sum(count for count in counts if count is not None)}

    def _read(self, field: str, read: Any, text: str) -> int | None:
        try:
            found: int = read(text)
        except ValueError as error:
            self._problems.append(Problem(field, str(error)))
            return None
        return found


def _title_of(element: Element) -> str:
    whole_title = element.first("TitleText")
    parts = (element.first("TitlePrefix"), element.first("TitleWithoutPrefix"))
    return whole_title or " ".join(filter(None, parts))


def _name_of(person: Element) -> str:
    parts: Sequence[str] = [person.first(tag) for tag in ("NamesBeforeKey", "PrefixToKey", "KeyNames", "SuffixToKey")]
    inverted = " ".join(reversed(person.first("PersonNameInverted").split(", ", 1)))
    return person.first("PersonName") or " ".join(filter(None, parts)) or inverted or person.first("CorporateName")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 10**6


def _is_gone(availability: str) -> bool:
    return availability.startswith(codes.CANNOT_BE_HAD)
