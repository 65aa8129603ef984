"""Who hears of what happened, in which words, and whether the letter went out."""
