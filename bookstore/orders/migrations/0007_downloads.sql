-- A seller takes along what is kept of every book that they ever listed.

ALTER TABLE inventory
    ADD KEY IF NOT EXISTS inventory_of_seller (seller_id, book_id);
