-- Orders of people who left are kept with name and address for as long as the law wants records of sales.

ALTER TABLE orders
    -- When the money came of an order that is a record only: its buyer is gone and nothing is left to do.
    ADD COLUMN IF NOT EXISTS record_since DATETIME(6) NULL,
    ADD KEY IF NOT EXISTS records_to_erase (record_since);
