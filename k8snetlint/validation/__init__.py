"""How the API server judges an object: types, unknown fields, and its own validation, in its own words."""
