"""The pages of staff: /desk for the office, /crew for the street. Plain forms; no script is needed."""
