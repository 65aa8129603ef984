"""What everything rests on: settings, the clock, ids, keys, errors. It knows no database."""
