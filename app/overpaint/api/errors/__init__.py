"""What a service or the way to it says went wrong, as typed errors in words, and the key kept out of them."""
