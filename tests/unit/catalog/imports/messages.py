"""ONIX messages for tests, by reference names or with short tags."""

import re

from bookstore.catalog.imports.onix_codes import REFERENCE

_SHORT = {reference: short for short, reference in REFERENCE.items()}

PRODUCT = """
<Product>
  <RecordReference>com.example.1</RecordReference>
  <NotificationType>03</NotificationType>
  <ProductIdentifier><ProductIDType>01</ProductIDType><IDTypeName>ours</IDTypeName><IDValue>77</IDValue></ProductIdentifier>
  <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780306406157</IDValue></ProductIdentifier>
  <DescriptiveDetail>
    <ProductComposition>00</ProductComposition>
    <ProductForm>BB</ProductForm>
    <Collection>
      <CollectionType>10</CollectionType>
      <CollectionSequence><CollectionSequenceType>02</CollectionSequenceType><CollectionSequenceNumber>3</CollectionSequenceNumber></CollectionSequence>
      <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel><TitleText>Classics</TitleText></TitleElement></TitleDetail>
    </Collection>
    <TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>Other</TitleText></TitleElement></TitleDetail>
    <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitlePrefix>The</TitlePrefix><TitleWithoutPrefix>Tale &amp; Others</TitleWithoutPrefix><Subtitle>A Story</Subtitle></TitleElement></TitleDetail>
    <Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole><ContributorRole>A24</ContributorRole><PersonNameInverted>Ode, Tom</PersonNameInverted></Contributor>
    <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A02</ContributorRole><NamesBeforeKey>Ana</NamesBeforeKey><KeyNames>Gil</KeyNames></Contributor>
    <Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>A01</ContributorRole><CorporateName>The Club</CorporateName></Contributor>
    <Language><LanguageRole>02</LanguageRole><LanguageCode>fre</LanguageCode></Language>
    <Language><LanguageRole>01</LanguageRole><LanguageCode>por</LanguageCode><CountryCode>BR</CountryCode></Language>
    <Extent><ExtentType>00</ExtentType><ExtentValue>320</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
    <Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>FBA</SubjectCode></Subject>
    <Subject><MainSubject/><SubjectSchemeIdentifier>12</SubjectSchemeIdentifier><SubjectCode>FA</SubjectCode></Subject>
    <Subject><SubjectSchemeIdentifier>94</SubjectSchemeIdentifier><SubjectCode>1KLS</SubjectCode></Subject>
  </DescriptiveDetail>
  <CollateralDetail>
    <TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text textformat="05"><p>One &lt; <em onclick="x">two</em></p><script>x</script></Text></TextContent>
  </CollateralDetail>
  <PublishingDetail>
    <Imprint><ImprintName>Imp</ImprintName></Imprint>
    <Publisher><PublishingRole>01</PublishingRole><PublisherName>House</PublisherName></Publisher>
    <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">19980523</Date></PublishingDate>
  </PublishingDetail>
  <ProductSupply><SupplyDetail>
    <ProductAvailability>20</ProductAvailability>
    <Stock><OnHand>3</OnHand></Stock><Stock><OnHand>4</OnHand></Stock>
    <Price><PriceType>01</PriceType><PriceAmount>10.00</PriceAmount><CurrencyCode>USD</CurrencyCode></Price>
    <Price><PriceType>02</PriceType><PriceAmount>12.99</PriceAmount><CurrencyCode>USD</CurrencyCode></Price>
    <Price><PriceType>02</PriceType><PriceAmount>11.99</PriceAmount><CurrencyCode>EUR</CurrencyCode></Price>
  </SupplyDetail></ProductSupply>
</Product>"""  # noqa: E501
SMALL = """<Product><RecordReference>{0}</RecordReference><NotificationType>{1}</NotificationType>
<DescriptiveDetail><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>Book {0}</TitleText></TitleElement></TitleDetail>
<Contributor><ContributorRole>A01</ContributorRole><PersonName>Ana Gil</PersonName></Contributor></DescriptiveDetail>
{2}</Product>
"""


def message(*products, release="3.0", header="", declaration='<?xml version="1.0"?>'):
    """A message of some products."""
    namespace = f"http://ns.editeur.org/onix/{release}/reference"
    return (
        f'{declaration}<ONIXMessage release="{release}" xmlns="{namespace}"><Header>'
        f"<Sender><SenderName>S</SenderName></Sender>{header}</Header>{''.join(products)}</ONIXMessage>"
    )


def small(reference, *, notification="03", more=""):
    """A product with little in it."""
    return SMALL.format(reference, notification, more)


def shortened(text):
    """The same message with short tags."""
    return re.sub(r"(</?)(\w+)", lambda tag: tag[1] + _SHORT.get(tag[2], tag[2]), text).replace("reference", "short")
