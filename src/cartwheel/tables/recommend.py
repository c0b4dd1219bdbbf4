"""What the recommend stage shows to whom, and how well it would have done."""
