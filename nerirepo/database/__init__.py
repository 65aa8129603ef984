"""PostgreSQL and what rests on it: sessions, statements by hand, jobs, limits, the clock that all share."""
