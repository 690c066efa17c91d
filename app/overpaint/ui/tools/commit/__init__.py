"""How a finished selection gets into the mask: at once where that is quick, otherwise from a thread."""
