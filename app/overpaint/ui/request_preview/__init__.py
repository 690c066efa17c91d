"""What will be sent, shown before it leaves."""
