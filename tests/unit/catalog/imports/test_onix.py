"""ONIX 3, by reference names and by short tags, and messages that nobody should take in."""

import tracemalloc

import pytest

from bookstore.catalog.imports.entries import Place, Unreadable, listing
from bookstore.catalog.imports.models import DefaultsIn
from bookstore.catalog.imports.onix_products import read_onix
from tests.unit.catalog.imports.files import Parts, onix_entries
from tests.unit.catalog.imports.messages import PRODUCT, message, shortened, small


def entries(content, **options):
    return [entry for entry, _ in onix_entries(content, **options)]


def reasons(content, **options):
    return [problem for entry in entries(content, **options) for problem in entry.problems]


@pytest.mark.parametrize("release", ["3.0", "3.1"])
@pytest.mark.parametrize("form", [str, shortened], ids=["reference names", "short tags"])
def test_a_product_becomes_a_listing(form, release):
    (entry,) = entries(form(message(PRODUCT, release=release)))
    assert (entry.key.name, entry.problems, entry.line) == ("sku:com.example.1", (), 2)
    book = listing(entry.fields, otherwise={})
    assert (book.title, book.subtitle, book.isbn13) == ("The Tale & Others", "A Story", "9780306406157")
    assert [(person.name, person.role, person.code) for person in book.people] == [
        ("Ana Gil", "author", "A02"),
        ("Tom Ode", "translator", "B06"),
        ("Tom Ode", "introduction", "A24"),
        ("The Club", "author", "A01"),
    ]
    assert (book.language, book.format, book.pages, book.subjects) == ("pt-BR", "hardcover", 320, ["FBA", "1KLS"])
    assert (book.series.title, book.series.volume) == ("Classics", "3")
    assert (book.publisher, book.published) == ("House", "1998-05-23")
    assert (book.description, book.description_format) == ("<p>One &lt; <em>two</em></p>", "html")
    assert (book.price_cents, book.stock) == (1299, 7)


def test_what_a_message_does_not_tell_is_left_to_the_defaults():
    (entry,) = entries(message(small("1")), defaults={"price_cents": 500, "stock": 2})
    assert not {"price_cents", "stock", "condition"} & entry.fields.keys()
    assert listing(entry.fields, otherwise={"price_cents": 500, "stock": 2}).price_cents == 500


def test_a_price_in_another_currency_is_no_price():
    price = "<ProductSupply><SupplyDetail><Price><PriceAmount>9</PriceAmount></Price></SupplyDetail></ProductSupply>"
    header = "<DefaultCurrencyCode>EUR</DefaultCurrencyCode>"
    assert "price_cents" not in entries(message(small("1", more=price), header=header))[0].fields
    assert entries(message(small("1", more=price), header=header), currency="EUR")[0].fields["price_cents"] == 900


@pytest.mark.parametrize("form", [str, shortened], ids=["reference names", "short tags"])
def test_what_booksellers_pay_is_no_price(form):
    def priced(kinds, **options):
        prices = "".join(
            f"<Price>{kind and f'<PriceType>{kind}</PriceType>'}<PriceAmount>{number}</PriceAmount></Price>"
            for number, kind in enumerate(kinds, 1)
        )
        supply = f"<ProductSupply><SupplyDetail>{prices}</SupplyDetail></ProductSupply>"
        header = "<DefaultCurrencyCode>USD</DefaultCurrencyCode>" + options.get("header", "")
        return entries(form(message(small("1", more=supply), header=header)))[0].fields.get("price_cents")

    assert priced(["05", "07"]) is None
    assert priced(["05", "21"]) == 200
    assert priced([""]) == 100
    assert priced(["", "01"], header="<DefaultPriceType>05</DefaultPriceType>") == 200


def test_what_is_not_to_be_had_has_no_copies():
    gone = "<ProductSupply><SupplyDetail><ProductAvailability>40</ProductAvailability></SupplyDetail></ProductSupply>"
    assert entries(message(small("1", more=gone)))[0].fields["stock"] == 0


def test_a_deletion_is_known_by_its_reference_and_needs_no_more():
    (entry,) = entries(
        message("<Product><RecordReference>1</RecordReference><NotificationType>05</NotificationType></Product>")
    )
    assert (entry.deleted, entry.key.name, entry.problems) == (True, "sku:1", ())


@pytest.mark.parametrize(
    ("notification", "said"), [("04", "blocks"), ("12", "supply"), ("88", "test"), ("77", "unknown")]
)
def test_what_is_no_whole_record_is_refused(notification, said):
    assert said in reasons(message(small("1", notification=notification)))[0].reason


def test_what_is_wrong_is_named():
    wrong = (
        "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780306406158</IDValue></ProductIdentifier>"
        "<ProductSupply><SupplyDetail><Stock><OnHand>many</OnHand></Stock><Price><PriceType>02</PriceType>"
        "<PriceAmount>free</PriceAmount><CurrencyCode>USD</CurrencyCode></Price></SupplyDetail></ProductSupply>"
    )
    assert {problem.field for problem in reasons(message(small("1", more=wrong)))} == {"isbn13", "price", "stock"}


def test_printed_music_is_taken_in_without_an_isbn():
    music = "<ProductIdentifier><ProductIDType>03</ProductIDType><IDValue>9790260000438</IDValue></ProductIdentifier>"
    (entry,) = entries(message(small("1", more=music)))
    assert (entry.fields["isbn13"], entry.problems) == (None, ())


@pytest.mark.parametrize("digits", [("05", "1998", "1998"), ("01", "199805", "1998-05"), ("12", "1998 autumn", "1998")])
def test_a_date_is_as_exact_as_it_is_known(digits):
    form, date, expected = digits
    more = (
        "<PublishingDetail><PublishingDate><PublishingDateRole>01</PublishingDateRole>"
        f'<Date dateformat="{form}">{date}</Date></PublishingDate></PublishingDetail>'
    )
    assert entries(message(small("1", more=more)))[0].fields["published"] == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('textformat="02">&lt;p&gt;a &amp;amp; b&lt;/p&gt;', "<p>a &amp; b</p>"),
        ('textformat="02"><![CDATA[<p>a</p><script>x</script>]]>', "<p>a</p>"),
        ('textformat="05"><p>a</p>b', "<p>a</p>b"),
        ('textformat="05"><p>a<br/>b</p>', "<p>a<br>b</p>"),
        (">a &lt;b&gt; c", "a <b> c"),
    ],
)
def test_descriptions_come_in_three_kinds(text, shown):
    content = (
        f"<CollateralDetail><TextContent><TextType>03</TextType><Text {text}</Text></TextContent></CollateralDetail>"
    )
    fields = entries(message(small("1", more=content)))[0].fields
    assert listing(fields, otherwise={"price_cents": 1, "stock": 1}).description == shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize("size", [7, 1000])
def test_reading_on_from_any_product_finds_the_same_as_reading_through(encoding, size):
    text = message(
        *(small(number) for number in range(5)), declaration=f'<?xml version="1.0" encoding="{encoding}"?>\n'
    )
    title = "Añoranza" if encoding != "us-ascii" else "Longing"
    content = text.replace("Book", title).encode(encoding)
    whole = onix_entries(content, size=size)
    assert [entry.key.name for entry, _ in whole] == [f"sku:{number}" for number in range(5)]
    assert whole[3][0].fields["title"] == f"{title} 3"
    for number, (_, place) in enumerate(whole):
        assert onix_entries(content, place, size=size) == whole[number + 1 :]


@pytest.mark.parametrize("content", [message(), message().replace("</Header>", "</Header><NoProduct/>")])
def test_a_message_without_products_is_empty(content):
    assert entries(content) == []


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE ONIXMessage []>",
        '<!DOCTYPE ONIXMessage SYSTEM "http://127.0.0.1:1/onix.dtd" [<!ELEMENT x ANY>]>',
        '<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f'<!DOCTYPE ONIXMessage [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE ONIXMessage [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x">%x;]>',
    ],
)
def test_a_document_type_with_declarations_ends_the_reading_before_anything_is_resolved(doctype):
    content = message(small("&l9;"), declaration=f'<?xml version="1.0"?>{doctype}')
    with pytest.raises(Unreadable, match="DOCTYPE"):
        entries(content)


DTD = '<?xml version="1.0"?>\n<!DOCTYPE ONIXMessage SYSTEM "file:///etc/passwd">\n'


@pytest.mark.parametrize("doctype", [DTD, '<!DOCTYPE ONIXmessage PUBLIC "-//X//Y" "http://127.0.0.1:1/onix.dtd">'])
def test_a_document_type_that_names_a_dtd_changes_nothing(doctype):
    products = [small(number) for number in range(3)]
    found = onix_entries(message(*products, declaration=doctype), size=100)
    assert [entry.fields for entry, _ in found] == [entry.fields for entry in entries(message(*products))]
    place = found[0][1]
    assert onix_entries(message(*products, declaration=doctype), place, size=100) == found[1:]


def test_an_entity_of_a_dtd_that_nobody_reads_ends_the_reading_with_its_line():
    with pytest.raises(Unreadable, match="&eacute;") as caught:
        entries(message(small("1"), "\n\n", small("caf&eacute;"), declaration=DTD))
    assert caught.value.line == 10


def test_an_entity_that_nobody_declared_ends_the_reading_with_its_line():
    with pytest.raises(Unreadable, match="undefined entity") as caught:
        entries(message(small("1"), "\n\n", small("&eacute;")))
    assert caught.value.line == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no element found"),
        ("a,b\n1,2\n", "not well-formed|syntax error"),
        ("<html/>", "no ONIX message"),
        (message(release="2.1"), "ask for ONIX 3.0"),
        (message(small("1"))[:-5], "no element found|unclosed"),
        (message(small("1"), "</Product>"), "mismatched tag"),
        ('<?xml version="1.0" encoding="x-nothing"?><ONIXMessage/>', "encoding"),
        (b'<?xml version="1.0"?><ONIXMessage><Header>\xff', "not well-formed"),
        (message("<a>" * 60), "nested more than"),
        (message(small("1"), "<a>" * 1_000_000), "nested more than"),
        (message(f"<Product a='{'x' * 3_000_000}'/>"), "No product begins"),
        (message(small("1"), f"<a{' ' * 3_000_000}>"), "single tag"),
        (message("<!--" + "x" * 1_000_000), "No product begins|single tag"),
    ],
)
def test_what_is_no_such_message_says_why(content, said):
    with pytest.raises(Unreadable, match=said):
        entries(content)


def test_a_product_that_is_too_large_costs_itself_only_and_no_memory():
    large = (f"<Note>{'x' * 12_000_000}</Note>", "<Subject/>" * 200_000, "x" * 3_000_000)
    content = message(
        small("1"), *(small(number, more=more) for number, more in enumerate(large, 2)), small("9")
    ).encode()
    source = Parts(content)
    tracemalloc.start()
    found = [entry for entry, _ in read_onix(source, Place(), DefaultsIn(), "USD")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    told = [entry.problems[0].reason if entry.problems else entry.key.name for entry in found]
    assert told[0] == "sku:1"
    assert told[-1] == "sku:9"
    assert told[2] == "has more than 10000 elements"
    assert len(told) == 5
    assert peak < 20 * 1024 * 1024


def test_a_header_behind_products_says_nothing_and_takes_no_memory():
    late = f"<Header><DefaultCurrencyCode>EUR{'x' * 30_000_000}</DefaultCurrencyCode></Header>"
    price = "<ProductSupply><SupplyDetail><Price><PriceAmount>5</PriceAmount></Price></SupplyDetail></ProductSupply>"
    header = "<DefaultCurrencyCode>USD</DefaultCurrencyCode>"
    source = Parts(message(small("1"), late, small("2", more=price), header=header).encode())
    tracemalloc.start()
    found = [entry for entry, _ in read_onix(source, Place(), DefaultsIn(), "USD")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[1].fields["price_cents"] == 500
    assert peak < 5 * 1024 * 1024


def test_a_message_of_any_length_takes_no_more_memory():
    def peak(count):
        source = Parts(message(*(small(number) for number in range(count))).encode())
        tracemalloc.start()
        read = sum(1 for _ in read_onix(source, Place(), DefaultsIn(), "USD"))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == count
        return highest

    assert peak(1000) < 1.5 * peak(100) + 2_000_000
