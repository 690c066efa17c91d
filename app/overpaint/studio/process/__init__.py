"""The program as a process: one instance, its log and its memory."""
