"""What the API server says of an object: types, unknown fields, and its own validation, in its own words."""
