"""What the procurement stage plans and how suppliers did."""
