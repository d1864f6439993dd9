-- An event that comes again is known by the version of what it tells of: no consumer here asks the inbox any more.

DROP TABLE IF EXISTS inbox;
