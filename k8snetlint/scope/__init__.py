"""What is judged together: trees, kustomizations and what they change, variants, deliveries."""
