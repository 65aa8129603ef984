"""The outside parts in small: PostgreSQL, an S3 store, a mail server that keeps every letter.

They are the real things, not imitations: production differs only in settings. Each part is a module,
and each can be borrowed for a while, as the tests do:

    with postgres.running(folder) as database_url: ...          # the owner's; others: postgres.url()
    with store.running(folder) as (endpoint, key, secret): ...  # no buckets yet
    with mailbox.running(folder) as smtp_url: ...               # letters appear as folder/*.eml

`folder` is where the part keeps its data; it is made when missing and outlives the part. A part dies
with the process that started it, whatever kills that.
"""
