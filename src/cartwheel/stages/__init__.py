"""The loop, one house a stage, all alike; none imports another."""
