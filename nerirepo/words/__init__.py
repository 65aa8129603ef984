"""What people type and read: addresses, codes, their words, our languages. Pure but for the settings."""
