"""What is done after the answer: letters, photos, the public copy, and asking again for what was lost."""
