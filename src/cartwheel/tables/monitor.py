"""Key figures of the shop and what fell out of the ordinary."""
