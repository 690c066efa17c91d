"""The edit API served offline by a child process, with classical edits in place of a model."""
