"""The words that pages use for the API's codes."""

CONDITIONS = {
    "new": "New",
    "like_new": "Like new",
    "very_good": "Very good",
    "good": "Good",
    "acceptable": "Acceptable",
}
FORMATS = {"paperback": "Paperback", "hardcover": "Hardcover", "ebook": "E-book", "audiobook": "Audiobook"}
LANGUAGES = {
    "ar": "Arabic",
    "zh": "Chinese",
    "nl": "Dutch",
    "en": "English",
    "fr": "French",
    "de": "German",
    "el": "Greek",
    "it": "Italian",
    "ja": "Japanese",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "es": "Spanish",
    "sv": "Swedish",
    "tr": "Turkish",
}
SUBJECTS = {  # Thema codes
    "A": "Arts",
    "DNB": "Biography",
    "FBC": "Classic fiction",
    "U": "Computing",
    "FF": "Crime and mystery",
    "D": "Drama, essays and criticism",
    "K": "Economics and business",
    "FM": "Fantasy",
    "F": "Fiction",
    "YF": "Fiction for the young",
    "FV": "Historical fiction",
    "N": "History",
    "FK": "Horror",
    "FBA": "Modern fiction",
    "R": "Nature and the Earth",
    "Q": "Philosophy and religion",
    "DC": "Poetry",
    "P": "Science",
    "FL": "Science fiction",
    "J": "Society and politics",
    "FH": "Thrillers",
}
SORTS = {"newest": "Newest first", "price": "Price, low to high", "-price": "Price, high to low", "title": "Title"}
DELIVERY = {
    "standard": "Standard, 3 to 5 working days",
    "express": "Express, the next working day",
    "pickup": "Pick up at the shop",
}
PAYMENT = {"card": "Card", "pse": "PSE bank transfer", "cash_on_delivery": "Cash on delivery"}
STARS = {"5": "5 stars", "4": "4 stars", "3": "3 stars", "2": "2 stars", "1": "1 star"}
STATUSES = {
    "pending": "Waiting for payment",
    "paid": "Paid",
    "shipped": "Shipped",
    "cancelled": "Cancelled",
    "expired": "Expired",
    "open": "Being packed",
    "refunded": "Refunded",
}
PAYMENT_STATUSES = {
    "captured": "Paid",
    "due": "Due on delivery",
    "partially_refunded": "Partly refunded",
    "refunded": "Refunded",
    "declined": "Declined",
}


def subject(code: str) -> str:
    """The name of a Thema code, or of the nearest wider one that has a name here."""
    wider = (code[:length] for length in range(len(code), 0, -1))
    return next((SUBJECTS[part] for part in wider if part in SUBJECTS), code)
