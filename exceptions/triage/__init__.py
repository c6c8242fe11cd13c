"""How bad a ticket is, who answers for it, and until when."""
