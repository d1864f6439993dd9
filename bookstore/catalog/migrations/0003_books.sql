-- Books as book people know them: the place in a series, descriptions in HTML, covers.

ALTER TABLE books
    -- The volume as it sorts; bookstore/catalog/volumes.py makes it.
    ADD COLUMN IF NOT EXISTS series_order VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- 20,000 characters of any kind.
    MODIFY COLUMN description MEDIUMTEXT NULL,
    -- A hundred names of two hundred characters, each of which may be a word.
    MODIFY COLUMN author_words MEDIUMTEXT NOT NULL,
    ADD COLUMN IF NOT EXISTS description_format VARCHAR(4) CHARACTER SET ascii NOT NULL DEFAULT 'text',
    -- The present cover's hash.
    ADD COLUMN IF NOT EXISTS cover CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD KEY IF NOT EXISTS books_of_series (series_title, series_order, number);

-- The order of what is listed already. Numbers and single words are all that sellers could have meant so far.
UPDATE books SET series_order = COALESCE(
    CASE
        WHEN series_volume IS NULL THEN '~'
        WHEN series_volume REGEXP '^[0-9]{1,8}([.][0-9]+)?$'
            THEN CONCAT(LPAD(SUBSTRING_INDEX(series_volume, '.', 1), 8, '0'),
                SUBSTRING(series_volume, 1 + LENGTH(SUBSTRING_INDEX(series_volume, '.', 1))))
        WHEN FIND_IN_SET(LOWER(series_volume), 'i,ii,iii,iv,v,vi,vii,viii,ix,x,xi,xii,xiii,xiv,xv,xvi,xvii,xviii,xix,xx') > 0
            THEN LPAD(FIND_IN_SET(LOWER(series_volume), 'i,ii,iii,iv,v,vi,vii,viii,ix,x,xi,xii,xiii,xiv,xv,xvi,xvii,xviii,xix,xx'), 8, '0')
        ELSE REGEXP_REPLACE(REGEXP_REPLACE(LOWER(CONVERT(series_volume USING ascii)), '([0-9]+)', '00000000\\1'),
            '[0-9]*([0-9]{8})', '\\1')
    END, '')
    WHERE series_title IS NOT NULL AND series_order IS NULL;

CREATE TABLE IF NOT EXISTS covers (
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- JPEGs without anything but the picture.
    large MEDIUMBLOB NOT NULL,
    small MEDIUMBLOB NOT NULL,
    FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE
) ENGINE = InnoDB;
