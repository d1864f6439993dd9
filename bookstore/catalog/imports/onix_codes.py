"""ONIX for Books 3: the tags that are read, by their short names, and what the codes mean here."""

# Reference names of the tags that are read; the message's other form calls them by their codes.
REFERENCE = {
    "ONIXmessage": "ONIXMessage",
    "header": "Header",
    "m184": "DefaultLanguageOfText",
    "m186": "DefaultCurrencyCode",
    "x310": "DefaultPriceType",
    "product": "Product",
    "a001": "RecordReference",
    "a002": "NotificationType",
    "productidentifier": "ProductIdentifier",
    "b221": "ProductIDType",
    "b244": "IDValue",
    "descriptivedetail": "DescriptiveDetail",
    "b012": "ProductForm",
    "collection": "Collection",
    "collectionsequence": "CollectionSequence",
    "x481": "CollectionSequenceNumber",
    "titledetail": "TitleDetail",
    "b202": "TitleType",
    "titleelement": "TitleElement",
    "x409": "TitleElementLevel",
    "x410": "PartNumber",
    "b203": "TitleText",
    "b030": "TitlePrefix",
    "b031": "TitleWithoutPrefix",
    "b029": "Subtitle",
    "contributor": "Contributor",
    "b034": "SequenceNumber",
    "b035": "ContributorRole",
    "b036": "PersonName",
    "b037": "PersonNameInverted",
    "b039": "NamesBeforeKey",
    "b247": "PrefixToKey",
    "b040": "KeyNames",
    "b248": "SuffixToKey",
    "b047": "CorporateName",
    "language": "Language",
    "b253": "LanguageRole",
    "b252": "LanguageCode",
    "b251": "CountryCode",
    "x420": "ScriptCode",
    "extent": "Extent",
    "b218": "ExtentType",
    "b219": "ExtentValue",
    "b220": "ExtentUnit",
    "subject": "Subject",
    "x425": "MainSubject",
    "b067": "SubjectSchemeIdentifier",
    "b069": "SubjectCode",
    "collateraldetail": "CollateralDetail",
    "textcontent": "TextContent",
    "x426": "TextType",
    "d104": "Text",
    "publishingdetail": "PublishingDetail",
    "imprint": "Imprint",
    "b079": "ImprintName",
    "publisher": "Publisher",
    "b081": "PublisherName",
    "publishingdate": "PublishingDate",
    "x448": "PublishingDateRole",
    "b306": "Date",
    "j260": "DateFormat",
    "productsupply": "ProductSupply",
    "supplydetail": "SupplyDetail",
    "j396": "ProductAvailability",
    "stock": "Stock",
    "j350": "OnHand",
    "price": "Price",
    "x462": "PriceType",
    "j151": "PriceAmount",
    "j152": "CurrencyCode",
}

DELETION = "05"
NOTIFICATIONS = {
    # Early, confirmed before and confirmed on publication: whole records. And that a record is withdrawn.
    **dict.fromkeys(("01", "02", "03"), ""),
    DELETION: "",
    "04": "is an update of some blocks only: send whole records",
    "12": "is an update of the supply only: send whole records",
    "88": "is a test",
    "89": "is a test",
}
ISBN13, ISBN10, GTIN13 = "15", "02", "03"
# How GTINs begin that are ISBNs: those with 979-0 are of printed music.
OF_BOOKS = ("978", *(f"979{digit}" for digit in range(1, 10)))
THEMA = frozenset(str(code) for code in range(93, 100))
DISTINCTIVE = frozenset({"01", "00"})
OF_PRODUCT, OF_COLLECTION = frozenset({"01"}), frozenset({"02", "03"})
PAGES = "03"
EXTENTS = ("00", "11", "05", "08", "07", "06", "10")
DESCRIPTIONS = ("03", "02")
PUBLICATION = ("01", "11", "19")
# Including tax before excluding it, recommended to the public before anything else.
PRICES = ("02", "42", "04", "01", "41", "03")
# What a bookseller pays: nobody may buy at it.
COSTS = frozenset({"05", "06", "07", "08", "09", "15", "17", "25", "27", "32"})
# Abandoned, out of print, withdrawn, not for sale here: no copy can be had, whatever is on hand.
CANNOT_BE_HAD = ("01", "4", "5")


def format_of(product_form: str) -> str | None:
    """The format for a code of list 150."""
    if product_form in ("BB", "BG"):
        return "hardcover"
    if product_form == "BC":
        return "paperback"
    return {"A": "audiobook", "E": "ebook"}.get(product_form[:1])
