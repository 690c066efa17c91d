"""Picture files taken apart without a decoder, and built anew from what their pixels need."""
