-- What `make audit` found last, of all domains, for admins to read: functions see their own domain only.

CREATE TABLE IF NOT EXISTS last_audit (
    id TINYINT NOT NULL PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    at DATETIME(6) NOT NULL,
    found JSON NOT NULL
) ENGINE = InnoDB;
