"""What NetworkPolicies allow: who may connect to whom, on which ports, and why."""
