"""Pages of all ids: of rules, and of what is reported outside of rules."""
