"""Picture files from outside: recognised, decoded in a process of their own, and made fit to be sent."""
