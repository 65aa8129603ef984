"""What the ward offers: categories with their questions, departments, other managers, its own words."""
