"""The ward's people: members, their roles, what each role may do, and how they sign in."""
