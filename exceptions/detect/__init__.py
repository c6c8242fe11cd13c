"""Rules on watch: what is wrong with the world now, or was at any moment."""
