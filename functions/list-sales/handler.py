"""GET /api/sales: what the reader sold, by day or by title; as CSV, in longer pages, for whoever accepts it."""

from bookstore.catalog.figures import sales_csv, sales_figures
from bookstore.catalog.reader_models import SalesQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    seller = signed_in(event)
    period = query(event, SalesQuery)
    if "text/csv" in event.headers.get("Accept", ""):
        text, headers = sales_csv(period, seller=seller)
        return {"body": text, "headers": headers}
    return {"body": sales_figures(period, seller=seller)}
